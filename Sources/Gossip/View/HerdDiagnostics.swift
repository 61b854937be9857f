/// How much a peer's rules hold at present: for status pages, and for checkers that bound its memory.
public struct HerdDiagnostics: Hashable, Sendable {
    /// Members known, active or not.
    public var members: Int
    /// Rumours to be told, outdated ones included.
    public var rumours: Int
    /// Timers, outdated ones included.
    public var timers: Int
    /// Probes under way, own and for others.
    public var probes: Int
    /// Addresses that are dialled.
    public var dials: Int
    /// Routers' announcements kept.
    public var announcements: Int
}
