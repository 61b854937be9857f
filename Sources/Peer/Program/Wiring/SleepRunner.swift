import Logging
import Machine
import Mesh
import ServiceLifecycle

/// Tells the mesh when this machine is about to sleep, until the program stops.
struct SleepRunner: Service {
    let mesh: MeshService
    let logger: Logger

    func run() async throws {
        let watch = SleepWatch(
            logger: logger, suspending: { [mesh] in await mesh.suspend() }, woke: { [mesh] in mesh.awake() })
        await cancelWhenGracefulShutdown { await watch.run() }
        // Without a thread for it the watch returns at once, and a service that returns would end the program.
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(3_600)) }
        }
    }
}
