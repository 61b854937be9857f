import Backends
import Outbound
import ServiceLifecycle

/// Runs the probing of engines until the program stops.
struct BackendsRunner: Service {
    let backends: BackendsService
    let client: OutboundClient

    func run() async throws {
        await cancelWhenGracefulShutdown { await backends.run() }
        client.close()
    }
}
