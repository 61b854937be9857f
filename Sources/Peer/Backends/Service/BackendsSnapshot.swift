public import Gossip

/// All engines of this machine at one moment.
public struct BackendsSnapshot: Hashable, Sendable {
    /// What the fleet is told.
    public var report: ModelsReport
    /// How each engine is called, in the order of the command line, reachable or not.
    public var targets: [BackendTarget]

    /// A snapshot; by default of a machine without engines.
    public init(report: ModelsReport = ModelsReport(), targets: [BackendTarget] = []) {
        self.report = report
        self.targets = targets
    }

    /// The engine of that name.
    public func target(_ id: String) -> BackendTarget? { targets.first { $0.id == id } }

    /// The reachable engines that have a model, in order. The name may be canonical or not.
    public func targets(for model: String) -> [BackendTarget] {
        let name = ModelKey.canonical(model)
        return targets.filter { $0.reachable && $0.engineNames[name] != nil }
    }
}
