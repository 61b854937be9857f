import Logging
import Synchronization

/// What all connections of an engine share.
final class EngineCore: Sendable {
    let configuration: DemoEngineConfiguration
    let control: DemoControl
    let log: DemoLog
    let shelf: ModelShelf
    let gate = SlotGate()
    let logger: Logger
    /// Bound to loopback: foreign hosts are refused and `/demo` is there.
    let isLoopback: Bool
    private let counter = Mutex(0)

    init(_ configuration: DemoEngineConfiguration, isLoopback: Bool, logger: Logger) {
        self.configuration = configuration
        self.isLoopback = isLoopback
        self.logger = logger
        control = DemoControl(configuration)
        log = DemoLog(limit: configuration.logLimit)
        shelf = ModelShelf(configuration)
    }

    /// A number that no other request has.
    func nextNumber() -> Int {
        counter.withLock { counter in
            counter += 1
            return counter
        }
    }
}
