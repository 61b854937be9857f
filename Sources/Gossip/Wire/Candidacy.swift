/// What matters of a peer when a router is elected (mesh protocol §7.6, §7.7).
public struct Candidacy: Hashable, Sendable, Codable {
    /// `--router-priority`, 0…100 in classes of ten; 0 never stands.
    public var priority: UInt8
    /// On mains power and on a wire.
    public var steady: Bool
    /// Up for ten minutes or more.
    public var seasoned: Bool
    /// A laptop that comes and goes: not counted in the roster.
    public var ephemeral: Bool

    /// A candidacy.
    public init(priority: UInt8 = 50, steady: Bool = true, seasoned: Bool = false, ephemeral: Bool = false) {
        self.priority = priority
        self.steady = steady
        self.seasoned = seasoned
        self.ephemeral = ephemeral
    }

    /// The class that may take over from lower ones by hand-over: `priority / 10`.
    public var priorityClass: UInt8 { priority / 10 }
    /// It stands for router at all.
    public var eligible: Bool { priority > 0 }
}
