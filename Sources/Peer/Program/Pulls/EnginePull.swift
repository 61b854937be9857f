import Backends
import Foundation
import Gossip
import Outbound

/// Pulls a model into this machine's own Ollama.
struct EnginePull: Sendable {
    let client: OutboundClient
    let backends: BackendsService
    let nodeName: @Sendable () -> String

    /// A registry or a disk that gives nothing for so long has stopped.
    static let silence = Duration.seconds(120)
    /// Longer lines are no progress.
    static let longestLine = 64 << 10

    private struct Line: Decodable {
        var status: String?
        var total: Int64?
        var completed: Int64?
        var error: String?
    }

    /// Does it; `PullFlights.Work` of a machine.
    func run(_ model: String, _ progress: @escaping @Sendable (PullReport) async -> Void) async -> PullReport {
        let node = nodeName()
        guard let target = backends.current.targets.first(where: { $0.keepsModels && $0.reachable }) else {
            return PullReport(.failed, node: node, reason: "no Ollama runs on \(node)")
        }
        guard let body = try? JSONEncoder().encode(["model": model]) else {
            return PullReport(.failed, node: node, reason: "the name cannot be written")
        }
        var request = target.request("POST", "/api/pull", json: Array(body))
        request.timeout = .seconds(6 * 3_600)
        request.idleTimeout = Self.silence
        await progress(PullReport(.pulling, node: node))
        do {
            let (head, answer) = try await client.stream(request)
            let last = try await follow(answer, node, progress)
            if last.error == nil, head.status == 200, last.status == "success" {
                backends.modelsChanged(target.id)
                return PullReport(.here, node: node)
            }
            return PullReport(.failed, node: node, reason: last.error ?? "its Ollama ended the pull with status \(head.status)")
        } catch {
            return PullReport(.failed, node: node, reason: "its Ollama did not answer: \(error)")
        }
    }

    /// Reads the lines of progress; gives the last one, or the one with an error.
    private func follow(
        _ body: OutboundBody, _ node: String, _ progress: @Sendable (PullReport) async -> Void
    ) async throws -> Line {
        var pending: [UInt8] = []
        var last = Line()
        var told = -1
        let decoder = JSONDecoder()
        for try await bytes in body {
            pending += bytes
            while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                if let line = try? decoder.decode(Line.self, from: Data(pending[..<end])) {
                    if line.error != nil { return line }
                    last = line
                }
                pending.removeSubrange(...end)
            }
            if pending.count > Self.longestLine { pending.removeAll() }
            if let total = last.total, let done = last.completed, total > 0, done >= 0 {
                let percent = Int(min(100, Double(done) / Double(total) * 100))
                if percent != told { await progress(PullReport(.pulling, node: node, percent: percent)) }
                told = percent
            }
        }
        if !pending.isEmpty, let line = try? decoder.decode(Line.self, from: Data(pending)) { last = line }
        return last
    }
}
