/// The fleet in a dozen figures, under ollama-herd's keys.
public struct Vitals: Hashable, Sendable, Encodable {
    /// Nodes that are known and have not left.
    public var nodesTotal = 0
    /// Those that answer.
    public var nodesOnline = 0
    /// Those that missed probes.
    public var nodesDegraded = 0
    /// Those out of sight.
    public var nodesOffline = 0
    /// Requests of the last 24 hours that failed, percent.
    public var overallErrorRatePercent = 0.0
    /// First tokens of the last 24 hours that took more than 40 s.
    public var coldLoads = 0
    /// Mean time to the first token of the last 24 hours, milliseconds; nil without one.
    public var averageFirstTokenMilliseconds: Double?
    /// Requests of the last 24 hours.
    public var totalRequests = 0
    /// Failed attempts of the last 24 hours that another one followed.
    public var totalRetries = 0
    /// Requests of the last 24 hours whose client went away.
    public var clientDisconnects = 0
    /// Answers of the last 24 hours without their end.
    public var incompleteStreams = 0
    /// Pictures asked for in the last 24 hours.
    public var imageGenerations = 0
    /// Recordings asked for in the last 24 hours.
    public var transcriptions = 0
    /// 100 less what the findings cost; at least 0.
    public var healthScore = 100

    enum CodingKeys: String, CodingKey {
        case nodesTotal = "nodes_total"
        case nodesOnline = "nodes_online"
        case nodesDegraded = "nodes_degraded"
        case nodesOffline = "nodes_offline"
        case overallErrorRatePercent = "overall_error_rate_pct"
        case coldLoads = "cold_loads_24h"
        case averageFirstTokenMilliseconds = "avg_ttft_ms"
        case totalRequests = "total_requests_24h"
        case totalRetries = "total_retries_24h"
        case clientDisconnects = "client_disconnects_24h"
        case incompleteStreams = "incomplete_streams_24h"
        case imageGenerations = "image_generations_24h"
        case transcriptions = "transcriptions_24h"
        case healthScore = "health_score"
    }

    /// Writes all keys, a missing mean as null.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(nodesTotal, forKey: .nodesTotal)
        try container.encode(nodesOnline, forKey: .nodesOnline)
        try container.encode(nodesDegraded, forKey: .nodesDegraded)
        try container.encode(nodesOffline, forKey: .nodesOffline)
        try container.encode(overallErrorRatePercent, forKey: .overallErrorRatePercent)
        try container.encode(coldLoads, forKey: .coldLoads)
        try container.encode(averageFirstTokenMilliseconds, forKey: .averageFirstTokenMilliseconds)
        try container.encode(totalRequests, forKey: .totalRequests)
        try container.encode(totalRetries, forKey: .totalRetries)
        try container.encode(clientDisconnects, forKey: .clientDisconnects)
        try container.encode(incompleteStreams, forKey: .incompleteStreams)
        try container.encode(imageGenerations, forKey: .imageGenerations)
        try container.encode(transcriptions, forKey: .transcriptions)
        try container.encode(healthScore, forKey: .healthScore)
    }
}
