/// A member without its reports: what a checker compares after every change.
public struct MemberTrace: Hashable, Sendable {
    /// Who.
    public var id: PeerID
    /// How it stands.
    public var status: MemberStatus
    /// Its boot counter; 0 while it is only remembered.
    public var generation: UInt32
    /// Its incarnation.
    public var incarnation: UInt32
    /// The version of its hot report.
    public var hot: RecordVersion
    /// The version of its models, if they are known.
    public var models: RecordVersion?
}
