import Gossip

/// The memory that a machine has for one more model, bytes.
///
/// A model lives on the GPUs where there are any, else in main memory (herd-compat D35).
struct Room: Hashable, Sendable {
    /// Whether a model can be loaded.
    enum Fit {
        /// Into free memory.
        case free
        /// Only when idle models give way, or partly outside the GPUs: slower, so other machines go first.
        case squeezed
        case none
        /// The machine reports no memory.
        case unknown
    }

    private var free: Double?
    private var squeezed = 0.0

    /// `evictable` are the models that an engine gives up for another when they are idle.
    init(_ hot: HotReport?, evictable: [EvictableModel]) {
        guard let hot else { return }
        let main = Double(hot.memoryAvailableMiB) * 1_048_576
        var graphics = 0.0
        for load in hot.gpus { graphics += Double(load.freeMiB) * 1_048_576 }
        if !hot.gpus.isEmpty {
            free = graphics
        } else if main > 0 {
            free = main
        }
        squeezed = main + graphics
        for model in evictable {
            let busy = hot.loaded.contains { $0.key == model.key && ($0.inFlight > 0 || $0.queued > 0) }
            if !busy { squeezed += model.bytes }
        }
    }

    /// Whether a model of `cost` bytes finds room.
    func fit(cost: Double) -> Fit {
        guard let free else { return .unknown }
        if cost <= free { return .free }
        return cost <= squeezed ? .squeezed : .none
    }

    /// Free memory through the model's cost; nil for unknown.
    func ratio(cost: Double) -> Double? {
        guard let free, cost > 0 else { return nil }
        return free / cost
    }
}

/// A model in memory whose engine drops it for another when it is idle.
struct EvictableModel: Sendable {
    var key: ModelKey
    var bytes: Double

    /// Those of a report.
    static func all(in report: ModelsReport?) -> [EvictableModel] {
        guard let report else { return [] }
        return report.loaded.compactMap { model in
            guard let backend = report.backends.first(where: { $0.id == model.backend }), backend.kind.evictsIdleModels else {
                return nil
            }
            return EvictableModel(key: ModelKey(name: model.name), bytes: Double(max(0, model.sizeBytes)))
        }
    }
}
