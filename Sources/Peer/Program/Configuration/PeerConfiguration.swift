import Backends
import Foundation
import Gossip
import Logging
import Routing

/// All settings of one peer, checked.
struct PeerConfiguration: Sendable {
    var host: String
    var port: Int
    var meshPort: Int
    var nodeID: String
    /// `http://localhost:11434` unless given; `ollamaGiven` tells which.
    var ollamaHost: String
    var ollamaGiven: Bool
    /// `KIND=URL` each.
    var backends: [String]
    /// Where the keys of engines are kept, by URL.
    var backendKeys: [String: BackendKeySource]
    /// Environment and file together: where the keys of engines are looked for. Never logged.
    var keyEnvironment: SecretVariables
    var routerURLs: [String]
    var usesMDNS: Bool
    var dataDirectory: String
    var fleetName: String
    /// A file with the join token, for a first start.
    var fleetKeyFile: String?
    /// The join token itself. A secret: never logged.
    var joinToken: String?
    var routerPriority: Int
    var consoleLogLevel: Logger.Level
    var fileLogLevel: Logger.Level
    var maxTries: Int
    /// Ollama's parallel setting where it was given.
    var slotsPerModel: Int?
    /// Up to so many are tried where nobody says how many there are; 1 for none.
    var slotsTried: Int
    var maximumBodyBytes: Int
    var ticketWait: Duration
    var ticketLimit: Int
    var origins: [String]
    /// Nobody but this machine's own commands may change anything at this peer.
    var readOnlyManagement: Bool
    var traceRetentionDays: Int
    var traceMaximumMegabytes: Int
    var threads: Int
    /// Which models answer for a vendor's names.
    var standIns: StandInModels
    /// Names that stand for models.
    var aliases: ModelAliases
    /// Models that nobody has are pulled for the requests that ask for them.
    var autoPull: Bool
    /// How long a request waits for that.
    var autoPullTimeout: Duration
    /// How long a request is held for a machine that has the model.
    var holdWait: Duration
    /// Whether a model in memory may answer for one that is not.
    var substitution: Substitution
    /// What may be changed in a request before an engine of this machine gets it.
    var rewrites: RewriteRules
    /// Contexts follow from what requests needed.
    var dynamicContext: Bool
    /// What its owner should know of these settings, a sentence each.
    var warnings: [String] = []
    /// What answers that are given again may take; 0 for none.
    var cacheMegabytes: Int
    /// For how long.
    var cacheLife: Duration
    /// Models that this machine keeps in memory, by canonical name.
    var pinnedModels: [String]
    /// Where spans of requests are sent; nil for nowhere.
    var spanTarget: SpanTarget?
    /// This machine learns at which hours its owner needs it.
    var learnsCapacity: Bool
    /// Whether what clients send is kept for a while.
    var capture: CaptureSettings
    /// Use the demo engine while no Ollama answers.
    var demoFallback = false

    /// The client API is for this machine alone; the mesh port stays here too then.
    var isLoopbackOnly: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    /// The client API's host as people on this machine write it in a URL.
    var shownHost: String { host == "0.0.0.0" || host == "::" ? "localhost" : host.contains(":") ? "[\(host)]" : host }

    /// Reads and checks all settings.
    init(_ read: SettingsReader, environment: [String: String]) throws(ConfigurationProblem) {
        host = read.text(.host, default: "0.0.0.0")
        port = try read.number(.port, default: 11_435, in: 0...65_535)
        meshPort = try read.number(.meshPort, default: 11_445, in: 0...65_535)
        nodeID = try Self.name(read.text(.nodeID, default: Self.hostName()), .nodeID)
        ollamaGiven = read.text(.ollamaHost) != nil
        ollamaHost = read.text(.ollamaHost, default: "http://127.0.0.1:11434")
        backends = read.list(.backends)
        backendKeys = try Self.backendKeys(read)
        keyEnvironment = read.variables
        if let path = read.text(.nomyoConfig) {
            let file = try NomyoFile(path: Self.expand(path, environment: environment))
            backends += file.backends
            backendKeys.merge(file.keys) { own, _ in own }
            warnings += file.warnings
        }
        routerURLs = read.list(.routerURLs)
        usesMDNS = try read.truth(.mdns, default: true)
        dataDirectory = Self.expand(read.text(.dataDirectory, default: "~/.fleet-manager"), environment: environment)
        fleetName = try Self.name(read.text(.fleetName, default: "default"), .fleetName)
        fleetKeyFile = read.text(.fleetKeyFile).map { Self.expand($0, environment: environment) }
        joinToken = read.text(.joinToken)
        routerPriority = try read.number(.routerPriority, default: 50, in: 0...100)
        consoleLogLevel = try read.level(.consoleLogLevel, default: .info)
        fileLogLevel = try read.level(.fileLogLevel, default: .debug)
        maxTries = try read.number(.maxRetries, default: 2, in: 0...2) + 1
        slotsPerModel = try Self.slots(read, environment: environment)
        slotsTried = try read.number(.slotsTried, default: 4, in: 1...16)
        maximumBodyBytes = try read.number(.maximumBodyMegabytes, default: 256, in: 1...4_096) << 20
        ticketWait = .seconds(try read.number(.ticketWaitSeconds, default: 30, in: 0...3_600))
        ticketLimit = try read.number(.ticketLimit, default: 512, in: 0...100_000)
        origins = read.list(.origins)
        readOnlyManagement = try read.truth(.readOnlyManagement, default: false)
        traceRetentionDays = try read.number(.traceRetentionDays, default: 30, in: 1...3_650)
        traceMaximumMegabytes = try read.number(.traceMaximumMegabytes, default: 8_192, in: 16...1_048_576)
        threads = try read.number(.threads, default: min(2, ProcessInfo.processInfo.activeProcessorCount), in: 1...64)
        standIns = StandInModels(
            written: try Self.modelMap(read), isAutomatic: try read.truth(.anthropicAutoRoute, default: true))
        aliases = try Self.aliases(read)
        autoPull = try read.truth(.autoPull, default: true)
        autoPullTimeout = .seconds(try read.number(.autoPullTimeout, default: 300, in: 1...86_400))
        holdWait = .seconds(try read.number(.holdWait, default: 30, in: 0...600))
        substitution = try Self.substitution(read)
        rewrites = try Self.rewrites(read)
        dynamicContext = try read.truth(.dynamicContext, default: false)
        cacheMegabytes = try read.number(.cacheMegabytes, default: 0, in: 0...65_536)
        cacheLife = .seconds(try read.number(.cacheLife, default: 3_600, in: 1...2_592_000))
        spanTarget = try SpanTarget(endpoint: read.text(.otlpEndpoint), headers: read.list(.otlpHeaders))
        learnsCapacity = try read.truth(.learnCapacity, default: false)
        capture = try Self.capture(read)
        if capture.isOn { warnings.append(Self.captureWarning) }
        pinnedModels = read.list(.pinnedModels).map { ModelKey.canonical($0) }
        if port != 0 && port == meshPort {
            throw ConfigurationProblem(setting: Setting.meshPort.displayName, reason: "it must differ from --port (\(port))")
        }
    }

    private static func slots(_ read: SettingsReader, environment: [String: String]) throws(ConfigurationProblem) -> Int? {
        if read.text(.slotsPerModel) != nil { return try read.number(.slotsPerModel, default: 1, in: 1...1_024) }
        return environment["OLLAMA_NUM_PARALLEL"].flatMap(Int.init).flatMap { $0 > 0 ? $0 : nil }
    }

    /// `{"claude-sonnet-4-5":"qwen3-coder:30b","default":"llama3.3"}`
    private static func modelMap(_ read: SettingsReader) throws(ConfigurationProblem) -> [StandInModels.Written] {
        guard let text = read.text(.anthropicModelMap), !text.isEmpty else { return [] }
        guard let map = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8)) else {
            throw ConfigurationProblem(
                setting: Setting.anthropicModelMap.displayName,
                reason: "it must be a JSON object of names, such as {\"claude-sonnet-4-5\":\"qwen3-coder:30b\"}")
        }
        return map.sorted { $0.key < $1.key }.map { StandInModels.Written(name: $0.key, model: $0.value) }
    }

    private static func name(_ text: String, _ setting: Setting) throws(ConfigurationProblem) -> String {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let plain = trimmed.unicodeScalars.allSatisfy {
            $0.value > 32 && $0.value != 127 && $0 != ":" && $0 != "\"" && $0 != "\\"
        }
        guard !trimmed.isEmpty, trimmed.utf8.count <= 63, plain else {
            throw ConfigurationProblem(
                setting: setting.displayName,
                reason: "'\(text)' is no name: 1 to 63 bytes without spaces, colons, quotes or backslashes")
        }
        return trimmed
    }

    /// The machine's name up to the first dot.
    static func hostName() -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "peer" }
        let name = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let short = name.prefix { $0 != "." }
        return short.isEmpty ? "peer" : String(short)
    }

    private static func expand(_ path: String, environment: [String: String]) -> String {
        guard path == "~" || path.hasPrefix("~/"), let home = environment["HOME"], !home.isEmpty else { return path }
        return home + path.dropFirst()
    }
}
