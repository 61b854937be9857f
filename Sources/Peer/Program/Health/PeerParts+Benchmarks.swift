import API
import Foundation
import Outbound
import Store

extension PeerParts {
    /// What a benchmark needs: requests through this peer's own client port, as any client sends them.
    ///
    /// - Parameter port: the port that is really open; nil before that.
    func benchmarks(port: @escaping @Sendable () -> Int?) -> BenchmarkFacts {
        var facts = BenchmarkFacts()
        facts.send = { [self] model, isEmbedding in await measure(model, isEmbedding, port: port()) }
        facts.save = { [shard] row in try await shard.save(row) }
        facts.list = { [shard] limit in try await shard.benchmarks(limit: limit) }
        facts.run = { [shard] id in try await shard.benchmark(runID: id) }
        return facts
    }

    /// The last line of an answer, or all of an embedding's.
    private struct Counts: Decodable {
        var done: Bool?
        var embeddings: [[Double]]?
        var prompt_eval_count: Int?
        var eval_count: Int?
    }

    private func measure(_ model: String, _ isEmbedding: Bool, port: Int?) async -> BenchmarkFacts.Sample {
        var sample = BenchmarkFacts.Sample(
            node: "", isAnswered: false, latency: 0, firstToken: 0, promptTokens: 0, completionTokens: 0)
        let text = "Write three sentences about the sea."
        let body =
            isEmbedding
            ? try? JSONEncoder().encode(["model": model, "input": text])
            : try? JSONEncoder().encode(["model": model, "prompt": text])
        guard let port, let body else { return sample }
        let host = configuration.host.contains(":") ? "[::1]" : "127.0.0.1"
        var request = OutboundRequest(
            "POST", url: "http://\(host):\(port)/api/\(isEmbedding ? "embed" : "generate")",
            headers: [("Content-Type", "application/json"), ("X-Herd-Tags", "benchmark"), ("X-Herd-Admin", adminToken)],
            body: Array(body))
        request.timeout = .seconds(600)
        let began = ContinuousClock.now
        var tail: [UInt8] = []
        do {
            let (head, answer) = try await client.stream(request)
            for try await bytes in answer {
                if sample.firstToken == 0 { sample.firstToken = (ContinuousClock.now - began) / .milliseconds(1) }
                tail += bytes
                // Only the last line counts.
                if !isEmbedding, tail.count > 64 << 10 { tail.removeFirst(tail.count - (64 << 10)) }
                guard tail.count <= 16 << 20 else { return sample }
            }
            sample.latency = (ContinuousClock.now - began) / .milliseconds(1)
            sample.node = head.header("X-Fleet-Node") ?? ""
            let last = isEmbedding ? tail[...] : tail.split(separator: UInt8(ascii: "\n")).last ?? []
            guard head.status == 200, let counts = try? JSONDecoder().decode(Counts.self, from: Data(last)) else { return sample }
            sample.isAnswered = counts.done == true || counts.embeddings?.isEmpty == false
            sample.promptTokens = counts.prompt_eval_count ?? 0
            sample.completionTokens = counts.eval_count ?? 0
        } catch {
            // Cut off, or refused: it counts as failed.
        }
        return sample
    }
}
