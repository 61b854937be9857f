import ArgumentParser
import Foundation

/// The flags of `serve`. None has a default here, so that a flag that was not given never hides the environment.
struct ServeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Address of the client API; default 0.0.0.0.", valueName: "address"))
    var host: String?

    @Option(help: ArgumentHelp("Port of the client API; default 11435.", valueName: "number"))
    var port: String?

    @Option(help: ArgumentHelp("UDP and TCP port of the mesh; default 11445.", valueName: "number"))
    var meshPort: String?

    @Option(help: ArgumentHelp("This node's name in APIs and tables; default the short host name.", valueName: "name"))
    var nodeID: String?

    @Option(help: ArgumentHelp("Where this machine's Ollama is; default http://127.0.0.1:11434.", valueName: "url"))
    var ollamaHost: String?

    @Option(
        name: .customLong("backend"),
        help: ArgumentHelp(
            """
            Another engine of this machine, or one behind https: ollama, openai, llamacpp, vllm or lmstudio. What may follow: \
            ,slots=N ,key-env=VARIABLE ,key-file=FILE ,key-header=NAME ,ca=FILE ,models=NAMES. Repeatable.
            """, valueName: "kind=url"))
    var backends: [String] = []

    @Option(
        name: .customLong("router-url"),
        help: ArgumentHelp("Any peer to join through where mDNS cannot help. Repeatable.", valueName: "url"))
    var routerURLs: [String] = []

    @Flag(name: .customLong("no-mdns"), help: "Neither announce this peer over mDNS nor look for others.")
    var noMDNS = false

    @Option(help: ArgumentHelp("Where identity, traces and settings are kept; default ~/.fleet-manager.", valueName: "folder"))
    var dataDir: String?

    @Option(help: ArgumentHelp("The fleet's name; peers of other fleets are ignored; default 'default'.", valueName: "name"))
    var fleet: String?

    @Option(
        help: ArgumentHelp(
            "File with the join token of a closed fleet, used while there are no keys yet; FLEET_JOIN_TOKEN holds it.",
            valueName: "file"))
    var fleetKeyFile: String?

    @Option(help: ArgumentHelp("How gladly this peer is router, 0 (never) to 100; default 50.", valueName: "number"))
    var routerPriority: String?

    @Flag(help: "Refuse clients everything that changes something here: pulling and deleting models, settings, draining.")
    var readOnlyManagement = false

    @Flag(help: "Learn at which hours of the week this machine's owner needs it, and leave it to him then.")
    var learnCapacity = false

    @Option(help: ArgumentHelp("trace, debug, info, notice, warning, error or critical; default info.", valueName: "level"))
    var logLevel: String?

    /// What was given, by setting.
    var given: [Setting: [String]] {
        var values: [Setting: [String]] = [:]
        let single: [(Setting, String?)] = [
            (.host, host), (.port, port), (.meshPort, meshPort), (.nodeID, nodeID), (.ollamaHost, ollamaHost),
            (.dataDirectory, dataDir), (.fleetName, fleet), (.fleetKeyFile, fleetKeyFile), (.routerPriority, routerPriority),
            (.consoleLogLevel, logLevel),
        ]
        for case (let setting, let text?) in single { values[setting] = [text] }
        if !backends.isEmpty { values[.backends] = backends }
        if !routerURLs.isEmpty { values[.routerURLs] = routerURLs }
        if noMDNS { values[.mdns] = ["false"] }
        if readOnlyManagement { values[.readOnlyManagement] = ["true"] }
        if learnCapacity { values[.learnCapacity] = ["true"] }
        return values
    }

    /// The checked settings of flags, environment and file together.
    func configuration() throws(ConfigurationProblem) -> PeerConfiguration { try Self.configuration(given) }

    /// The same for other commands' flags.
    static func configuration(_ given: [Setting: [String]]) throws(ConfigurationProblem) -> PeerConfiguration {
        let environment = ProcessInfo.processInfo.environment
        let path = environment["FLEET_ENV_FILE"] ?? (environment["HOME"] ?? "") + "/.fleet-manager/env"
        let file = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return try PeerConfiguration(SettingsReader(flags: given, environment: environment, file: file), environment: environment)
    }
}
