import Gossip
import Health

/// The body of `POST /dashboard/api/benchmarks/start`.
struct BenchmarkOrder: Decodable, Sendable {
    var mode: String?
    var duration: Double?
    var model_types: [String]?

    static let maximumBytes = 1 << 20

    /// Seconds; five minutes unless told otherwise.
    var seconds: Double { duration ?? 300 }
    var types: [String] { model_types ?? ["llm"] }

    /// Why it cannot be carried out; nil where it can.
    var problem: String? {
        if let mode, mode != "default" { return "mode is default; models are pulled by hand or by the recommendations" }
        guard seconds.isFinite, (1...3_600).contains(seconds) else { return "duration is 1 to 3600 seconds" }
        guard !types.isEmpty, types.allSatisfy({ ["llm", "embed"].contains($0) }) else {
            return "model_types are llm and embed"
        }
        return nil
    }

    /// A model that is measured, with as many requests at once as its nodes take.
    struct Target: Sendable, Equatable {
        var model: String
        var isEmbedding: Bool
        var workers: Int
    }

    /// The models in memory of the nodes in reach, in order.
    func targets(in view: FleetView) -> [Target] {
        var found: [String: Target] = [:]
        for member in view.members where member.status == .alive {
            let report = member.models ?? ModelsReport()
            for loaded in report.loaded {
                let name = ModelKey.canonical(loaded.name)
                let known = report.available.first { $0.name == loaded.name && $0.backend == loaded.backend }
                let isEmbedding = ModelKind(name, capabilities: known?.capabilities ?? []) == .embedding
                guard types.contains(isEmbedding ? "embed" : "llm") else { continue }
                let slots = report.backends.first { $0.id == loaded.backend && $0.reachable }?.slotsPerModel ?? 0
                found[name, default: Target(model: name, isEmbedding: isEmbedding, workers: 0)].workers += min(slots, 64)
            }
        }
        return found.values.filter { $0.workers > 0 }.sorted { $0.model < $1.model }.prefix(32).map { target in
            Target(model: target.model, isEmbedding: target.isEmbedding, workers: min(target.workers, 64))
        }
    }
}
