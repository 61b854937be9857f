import Routing

/// A setting that the fleet shares: written once, in force at every peer within a second, without a restart.
enum FleetSetting: String, CaseIterable {
    case maxRetries = "max_retries"
    case ticketWait = "ticket_wait"
    case ticketLimit = "ticket_limit"
    case traceRetentionDays = "trace_retention_days"
    case autoPull = "auto_pull"
    case vramFallback = "vram_fallback"
    case dynamicContext = "dynamic_num_ctx"

    /// What it may be: as in the configuration.
    var range: ClosedRange<Int> {
        switch self {
        case .maxRetries: 0...2
        case .ticketWait: 0...3_600
        case .ticketLimit: 0...100_000
        case .traceRetentionDays: 1...3_650
        case .autoPull: 0...1
        case .vramFallback: 0...2
        case .dynamicContext: 0...1
        }
    }

    /// What it does.
    var meaning: String {
        switch self {
        case .maxRetries: "further tries after the first"
        case .ticketWait: "seconds that a request may wait when every machine is busy"
        case .ticketLimit: "requests that may wait so at once on one peer"
        case .traceRetentionDays: "days after which traces are removed"
        case .autoPull: "1: a model that nobody has is pulled for the requests that ask for it"
        case .dynamicContext: "1: requests without num_ctx get what the model's requests of the last week needed"
        case .vramFallback: "a model in memory answers for one that is not: 0 never, 1 always, 2 where that one fits nowhere"
        }
    }

    /// What this peer's own configuration says.
    func configured(_ configuration: PeerConfiguration) -> Int {
        switch self {
        case .maxRetries: configuration.maxTries - 1
        case .ticketWait: Int(configuration.ticketWait.components.seconds)
        case .ticketLimit: configuration.ticketLimit
        case .traceRetentionDays: configuration.traceRetentionDays
        case .autoPull: configuration.autoPull ? 1 : 0
        case .dynamicContext: configuration.dynamicContext ? 1 : 0
        case .vramFallback: Self.fallbacks.firstIndex(of: configuration.substitution) ?? 0
        }
    }

    /// By the numbers of `vram_fallback`; the first two are ollama-herd's false and true.
    static let fallbacks: [Substitution] = [.never, .always, .unservable]
}
