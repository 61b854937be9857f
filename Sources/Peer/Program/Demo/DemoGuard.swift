import Dispatch
import Foundation
import Synchronization

/// Ends a demonstration's processes when the demonstration itself is told to stop: SIGINT, SIGTERM or SIGHUP.
final class DemoGuard {
    /// The processes, shared with the handlers of the signals.
    private final class Processes: Sendable {
        let ids = Mutex<[Int32]>([])
    }

    private let processes = Processes()
    private var sources: [any DispatchSourceSignal] = []

    /// Takes the signals from now on.
    func install() {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [processes] in
                for process in processes.ids.withLock({ $0 }) { kill(process, SIGTERM) }
                exit(128 + number)
            }
            source.resume()
            sources.append(source)
        }
    }

    /// A process that must not outlive this one.
    func add(_ process: Int32) {
        processes.ids.withLock { $0.append(process) }
    }
}
