/// A setting's names: one key for flags, environment and file alike.
///
/// The environment names are ollama-herd's where it had the setting.
enum Setting: String, CaseIterable {
    case host = "fleet.host"
    case port = "fleet.port"
    case meshPort = "fleet.meshPort"
    case nodeID = "fleet.node.nodeId"
    case ollamaHost = "fleet.node.ollamaHost"
    case backends = "fleet.backends"
    case backendKeys = "fleet.backendKeys"
    case nomyoConfig = "fleet.nomyoConfig"
    case routerURLs = "fleet.node.routerUrl"
    case mdns = "fleet.mdns"
    case dataDirectory = "fleet.dataDir"
    case fleetName = "fleet.name"
    case fleetKeyFile = "fleet.keyFile"
    case joinToken = "fleet.joinToken"
    case routerPriority = "fleet.routerPriority"
    case consoleLogLevel = "fleet.consoleLogLevel"
    case fileLogLevel = "fleet.logLevel"
    case maxRetries = "fleet.maxRetries"
    case slotsPerModel = "fleet.slotsPerModel"
    case slotsTried = "fleet.slotsTried"
    case maximumBodyMegabytes = "fleet.maxBodyMb"
    case ticketWaitSeconds = "fleet.ticketWait"
    case ticketLimit = "fleet.ticketLimit"
    case origins = "fleet.corsOrigins"
    case readOnlyManagement = "fleet.readOnlyManagement"
    case traceRetentionDays = "fleet.traceRetentionDays"
    case traceMaximumMegabytes = "fleet.traceMaxMb"
    case threads = "fleet.threads"
    case anthropicAutoRoute = "fleet.anthropicAutoRoute"
    case anthropicModelMap = "fleet.anthropicModelMap"
    case modelAliases = "fleet.modelAliases"
    case autoPull = "fleet.autoPull"
    case autoPullTimeout = "fleet.autoPullTimeout"
    case holdWait = "fleet.holdWait"
    case vramFallback = "fleet.vramFallback"
    case contextProtection = "fleet.contextProtection"
    case contextOverrides = "fleet.numCtxOverrides"
    case dynamicContext = "fleet.dynamicNumCtx"
    case thinkingOverhead = "fleet.thinkingOverhead"
    case thinkingMinimum = "fleet.thinkingMinPredict"
    case keepAlive = "fleet.keepAlive"
    case cacheMegabytes = "fleet.cacheMb"
    case cacheLife = "fleet.cacheTtl"
    case pinnedModels = "fleet.pinnedModels"
    case otlpEndpoint = "fleet.otlpEndpoint"
    case otlpHeaders = "fleet.otlpHeaders"
    case learnCapacity = "fleet.node.enableCapacityLearning"
    case debugRequestBodies = "fleet.debugRequestBodies"
    case debugRequestRetentionDays = "fleet.debugRequestRetentionDays"
    case debugRequestMaximumMegabytes = "fleet.debugRequestMaxMb"

    /// The environment variable: `fleet.node.ollamaHost` is `FLEET_NODE_OLLAMA_HOST`.
    var environmentName: String {
        var name = ""
        for character in rawValue {
            if character == "." {
                name += "_"
            } else if character.isUppercase {
                name += "_" + String(character)
            } else {
                name += character.uppercased()
            }
        }
        return name
    }

    /// The flag; nil for what has none.
    var flag: String? {
        switch self {
        case .host: "--host"
        case .port: "--port"
        case .meshPort: "--mesh-port"
        case .nodeID: "--node-id"
        case .ollamaHost: "--ollama-host"
        case .backends: "--backend"
        case .routerURLs: "--router-url"
        case .mdns: "--no-mdns"
        case .dataDirectory: "--data-dir"
        case .fleetName: "--fleet"
        case .fleetKeyFile: "--fleet-key-file"
        case .routerPriority: "--router-priority"
        case .consoleLogLevel: "--log-level"
        case .learnCapacity: "--learn-capacity"
        case .readOnlyManagement: "--read-only-management"
        default: nil
        }
    }

    /// How messages name it: `--port (FLEET_PORT)`.
    var displayName: String { flag.map { "\($0) (\(environmentName))" } ?? environmentName }
}
