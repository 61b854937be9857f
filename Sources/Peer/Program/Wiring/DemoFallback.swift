import Backends
import DemoEngine
import Gossip
import Logging
import Outbound
import ServiceLifecycle

/// Serves the demo engine while no Ollama answers, and changes over when one comes. Only `--demo-fallback` brings it in.
struct DemoFallback: Service {
    let ollama: BackendSpec
    let backends: BackendsService
    let finder: BackendFinder
    let logger: Logger

    /// Its model.
    static let model = "herd-demo"

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var demo: DemoEngine?
            for await present in finder.watch() {
                if present {
                    logger.notice("Ollama is there: it is used", metadata: ["ollama.url": "\(ollama.address.url)"])
                    backends.add(ollama)
                    if let engine = demo {
                        backends.remove(Self.id)
                        await engine.stop()
                        demo = nil
                    }
                } else {
                    demo = await start() ?? demo
                    if demo != nil { backends.remove(ollama.id) }
                }
            }
            await demo?.stop()
        }
    }

    private static let id = "demo"

    private func start() async -> DemoEngine? {
        do {
            let engine = try await DemoEngine.start(
                configuration: .demo(models: [Self.model], slots: 4, tokenDelay: .milliseconds(20), loadTime: .zero))
            backends.add(
                BackendSpec(
                    id: Self.id, kind: .ollama, address: BackendAddress(host: "127.0.0.1", port: engine.port), slotsPerModel: 4))
            logger.notice(
                "No Ollama answers: the built-in demo engine serves the model herd-demo until one does",
                metadata: ["ollama.url": "\(ollama.address.url)"])
            return engine
        } catch {
            logger.error("The demo engine did not start", metadata: ["error": "\(error)"])
            return nil
        }
    }
}
