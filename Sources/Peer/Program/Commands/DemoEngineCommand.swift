import ArgumentParser
import DemoEngine
import Foundation

/// `herd-peer demo-engine`: the stand-in for Ollama as a program of its own, for demonstrations and tests.
struct DemoEngineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo-engine", abstract: "Runs an Ollama stand-in with known answers.",
        discussion: """
            Example:
              herd-peer demo-engine --port 11434 --model herd-demo --slots 2 --token-delay-ms 20
            """, shouldDisplay: false)

    @Option(help: ArgumentHelp("Address to listen on.", valueName: "address"))
    var host = "127.0.0.1"

    @Option(help: ArgumentHelp("Port; 0 takes a free one.", valueName: "number"))
    var port = 11_434

    @Option(name: .customLong("model"), help: ArgumentHelp("A model that it has. Repeatable.", valueName: "name"))
    var models: [String] = []

    @Option(name: .customLong("pullable"), help: ArgumentHelp("A model that it can pull. Repeatable.", valueName: "name"))
    var pullable: [String] = []

    @Option(help: ArgumentHelp("Requests per model at once.", valueName: "number"))
    var slots = 1

    @Option(help: ArgumentHelp("Milliseconds per token.", valueName: "number"))
    var tokenDelayMs = 20

    @Option(help: ArgumentHelp("Milliseconds to load a model.", valueName: "number"))
    var loadMs = 0

    func run() async throws {
        let engine = try await DemoEngine.start(
            host: host, port: port,
            configuration: .demo(
                models: models.isEmpty ? ["herd-demo"] : models, slots: slots, tokenDelay: .milliseconds(tokenDelayMs),
                loadTime: .milliseconds(loadMs), pullable: pullable))
        Terminal.say("listening on \(host):\(engine.port)")
        await StopSignal.wait()
        await engine.stop()
    }
}
