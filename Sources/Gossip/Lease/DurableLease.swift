/// What must survive a crash for the fence to hold (mesh protocol §2.4, §7.3).
public struct DurableLease: Hashable, Sendable, Codable {
    /// The highest epoch ever granted or opened by this peer.
    public var maxEpoch: UInt64
    /// The longest lease ever granted, milliseconds: how long a restarted voter must stay silent.
    public var longestGrantMilliseconds: UInt32
    /// The last stop gave every grant back, so there is nothing to wait for.
    public var cleanExit: Bool
    /// The roster that this peer goes by; nil before it had any but the one that it was born with.
    public var roster: Roster?
    /// Lineages of rosters that it left, oldest first.
    public var floors: [RosterFloor]
    /// How often it has gone over to a roster of another lineage: orders what it says of that.
    public var rosterMoves: UInt32

    /// A durable state.
    public init(
        maxEpoch: UInt64 = 0, longestGrantMilliseconds: UInt32 = 0, cleanExit: Bool = true, roster: Roster? = nil,
        floors: [RosterFloor] = [], rosterMoves: UInt32 = 0
    ) {
        self.maxEpoch = maxEpoch
        self.longestGrantMilliseconds = longestGrantMilliseconds
        self.cleanExit = cleanExit
        self.roster = roster
        self.floors = floors
        self.rosterMoves = rosterMoves
    }

    /// Reads it; what an earlier program did not write is empty.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        maxEpoch = try container.decode(UInt64.self, forKey: .maxEpoch)
        longestGrantMilliseconds = try container.decode(UInt32.self, forKey: .longestGrantMilliseconds)
        cleanExit = try container.decode(Bool.self, forKey: .cleanExit)
        roster = try container.decodeIfPresent(Roster.self, forKey: .roster)
        floors = try container.decodeIfPresent([RosterFloor].self, forKey: .floors) ?? []
        rosterMoves = try container.decodeIfPresent(UInt32.self, forKey: .rosterMoves) ?? 0
    }
}
