import GRDB

/// What is counted of the traces of one hour that have something in common.
struct HourCounts: Sendable, Equatable {
    var requests = 0
    var timed = 0
    var latencySum = 0.0
    var latencyMinimum: Double?
    var latencyMaximum: Double?
    var firstTokens = 0
    var firstTokenSum = 0.0
    var promptTokens = 0
    var completionTokens = 0
    var fallbacks = 0
    var firstSeen = Double.infinity
    var lastSeen = -Double.infinity

    /// Adds one trace.
    mutating func add(_ trace: CountedTrace) {
        requests += 1
        if let latency = trace.latency {
            timed += 1
            latencySum += latency
            latencyMinimum = min(latencyMinimum ?? latency, latency)
            latencyMaximum = max(latencyMaximum ?? latency, latency)
        }
        if let firstToken = trace.firstToken {
            firstTokens += 1
            firstTokenSum += firstToken
        }
        promptTokens &+= trace.promptTokens
        completionTokens &+= trace.completionTokens
        fallbacks += trace.isFallback ? 1 : 0
        firstSeen = min(firstSeen, trace.timestamp)
        lastSeen = max(lastSeen, trace.timestamp)
    }

    /// In the order of ``ShardSchema/countColumns``.
    var arguments: StatementArguments {
        [
            requests, timed, latencySum, latencyMinimum, latencyMaximum, firstTokens, firstTokenSum, promptTokens,
            completionTokens, fallbacks, firstSeen, lastSeen,
        ]
    }
}
