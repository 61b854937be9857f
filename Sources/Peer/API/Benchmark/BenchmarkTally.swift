import Foundation
import Store

/// What a run has measured so far.
struct BenchmarkTally: Sendable {
    /// Of one model or one node.
    struct Part: Sendable {
        var requests = 0
        var failures = 0
        var promptTokens = 0
        var completionTokens = 0
        var latencies: [Double] = []
        var firstTokens: [Double] = []

        mutating func add(_ sample: BenchmarkFacts.Sample) {
            requests += 1
            guard sample.isAnswered else {
                failures += 1
                return
            }
            promptTokens += sample.promptTokens
            completionTokens += sample.completionTokens
            // An hour of an embedding model is millions: the first ones stand for the rest.
            guard latencies.count < BenchmarkTally.mostSamples else { return }
            latencies.append(sample.latency)
            firstTokens.append(sample.firstToken)
        }

        func result(seconds: Double) -> Result {
            Result(
                requests: requests, failures: failures, prompt_tokens: promptTokens, completion_tokens: completionTokens,
                tok_per_sec: seconds > 0 ? (Double(completionTokens) / seconds).gigabytes : 0,
                latency_p50_ms: Self.percentile(latencies, 0.5), latency_p95_ms: Self.percentile(latencies, 0.95),
                ttft_p50_ms: Self.percentile(firstTokens, 0.5))
        }

        /// By nearest rank; nil without a value.
        static func percentile(_ values: [Double], _ share: Double) -> Double? {
            guard !values.isEmpty else { return nil }
            let place = Int((Double(values.count) * share).rounded(.up)) - 1
            return values.sorted()[max(0, min(values.count - 1, place))]
        }
    }

    struct Result: Encodable {
        let requests: Int
        let failures: Int
        let prompt_tokens: Int
        let completion_tokens: Int
        let tok_per_sec: Double
        let latency_p50_ms: Double?
        let latency_p95_ms: Double?
        let ttft_p50_ms: Double?
    }

    static let mostSamples = 100_000
    var all = Part()
    var models: [String: Part] = [:]
    var nodes: [String: Part] = [:]
    /// The highest load that a node showed, percent of its processors.
    var peaks: [String: Double] = [:]

    mutating func add(_ sample: BenchmarkFacts.Sample, of model: String) {
        all.add(sample)
        models[model, default: Part()].add(sample)
        if !sample.node.isEmpty { nodes[sample.node, default: Part()].add(sample) }
    }

    /// The row to keep.
    func row(id: String, began: Double, seconds: Double, fleet: [String: Int]) -> BenchmarkRow {
        var row = BenchmarkRow(runID: id, timestamp: began)
        row.durationSeconds = seconds
        row.totalRequests = all.requests
        row.totalFailures = all.failures
        row.totalPromptTokens = all.promptTokens
        row.totalCompletionTokens = all.completionTokens
        row.requestsPerSecond = seconds > 0 ? Double(all.requests - all.failures) / seconds : 0
        row.tokensPerSecond = seconds > 0 ? Double(all.completionTokens) / seconds : 0
        row.latencyP50Milliseconds = Part.percentile(all.latencies, 0.5)
        row.latencyP95Milliseconds = Part.percentile(all.latencies, 0.95)
        row.latencyP99Milliseconds = Part.percentile(all.latencies, 0.99)
        row.ttftP50Milliseconds = Part.percentile(all.firstTokens, 0.5)
        row.ttftP95Milliseconds = Part.percentile(all.firstTokens, 0.95)
        row.ttftP99Milliseconds = Part.percentile(all.firstTokens, 0.99)
        row.perModelResults = Self.text(models.mapValues { $0.result(seconds: seconds) })
        row.perNodeResults = Self.text(nodes.mapValues { $0.result(seconds: seconds) })
        row.peakUtilization = Self.text(peaks)
        row.fleetSnapshot = Self.text(fleet)
        return row
    }

    private static func text(_ value: some Encodable) -> String? {
        (try? JSONEncoder().encode(value)).map { String(decoding: $0, as: UTF8.self) }
    }
}
