public import Gossip

/// How long a request is held for a machine that has the model in memory, before another machine loads it.
///
/// Waiting longer than loading takes would be foolish, so the model's size bounds it.
public struct HoldRule: Hashable, Sendable {
    /// The most that any request is held.
    public var most: Duration

    /// What a disk gives to an engine, bytes per second: an NVMe drive's pace, so that slower ones load later rather than earlier.
    static let loadBytesPerSecond = 1e9
    /// Models that load faster are loaded.
    static let least: Duration = .milliseconds(500)

    /// A rule.
    public init(most: Duration) { self.most = most }

    /// How long to hold for a model of `weightBytes`; zero to let another machine load it at once.
    ///
    /// - Parameter patience: how long the request may wait in all. Half of it is left for the loading.
    public func limit(weightBytes: Double, patience: Duration) -> Duration {
        let loading = Duration.milliseconds(Int64(max(0, min(weightBytes / Self.loadBytesPerSecond, 86_400)) * 1_000))
        let limit = min(most, patience / 2, loading)
        return limit < Self.least ? .zero : limit
    }
}

extension MemberView {
    /// Whether the machine has a candidate's model in memory, and how large it is, bytes; nil where it does not list it.
    public func memory(of candidate: Candidate) -> (isLoaded: Bool, weightBytes: Double)? {
        let key = ModelKey(name: candidate.servedModel)
        guard let model = ListedModel.all(in: models).first(where: { $0.key == key && $0.backend.id == candidate.backend }) else {
            return nil
        }
        let bytes = model.reportedBytes > 0 ? model.reportedBytes : nil
        return (
            model.loaded,
            bytes ?? ModelSize.estimateBytes(name: model.name, parameterSize: model.parameterSize) ?? ModelSize.unknownBytes
        )
    }
}
