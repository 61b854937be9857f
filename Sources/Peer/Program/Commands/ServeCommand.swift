import ArgumentParser
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

/// `herd-peer serve`: runs a peer.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Runs a peer on this machine until it is told to stop.",
        discussion: """
            Flags win over the environment (FLEET_*, FLEET_NODE_*), that over the file ~/.fleet-manager/env.
            SIGTERM and Ctrl-C stop it in good order: the router's role is handed over, running answers go to their end.

            Examples:
              herd-peer serve
              herd-peer serve --node-id attic --fleet home
              herd-peer serve --backend llamacpp=http://127.0.0.1:8080 --backend vllm=http://127.0.0.1:8000
              herd-peer serve --no-mdns --router-url http://10.0.0.7:11435
            """)

    @OptionGroup var options: ServeOptions

    @Flag(help: "Serve the built-in demo engine (model herd-demo) while no Ollama answers.")
    var demoFallback = false

    @Flag(help: "Write the console's log as JSON lines for programs.")
    var json = false

    func run() async throws {
        var settings: PeerConfiguration
        do {
            settings = try options.configuration()
        } catch {
            Terminal.complain("herd-peer cannot start: \(error)")
            throw ExitCode(78)
        }
        settings.demoFallback = demoFallback
        FileLimit.raise()
        let file = LogFile(dataDirectory: settings.dataDirectory)
        let asJSON = json
        let levels = (console: settings.consoleLogLevel, file: settings.fileLogLevel)
        LoggingSystem.bootstrap { label in
            MultiplexLogHandler([
                asJSON
                    ? JSONLineLogHandler(label: label, level: levels.console, write: Terminal.complain) as any LogHandler
                    : ConsoleLogHandler(level: levels.console),
                JSONLineLogHandler(label: label, level: levels.file, write: file.append),
            ])
        }
        let logger = Logger(label: "herd-peer")
        let services: [any Service]
        do {
            services = try await HerdPeer.build(settings, logger: logger)
        } catch {
            Terminal.complain("herd-peer cannot start: \(error)")
            throw ExitCode.failure
        }
        var configuration = ServiceGroupConfiguration(
            services: services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(40)
        try await ServiceGroup(configuration: configuration).run()
    }
}
