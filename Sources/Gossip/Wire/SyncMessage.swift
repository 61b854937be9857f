/// One half of a push/pull between two peers (mesh protocol §3.2, §4.2): all member records, all record versions, and the
/// records that the other side is known, or may be assumed, to lack.
public struct SyncMessage: Sendable, Codable, Hashable {
    /// Who sends it.
    public var sender: MemberRecord
    /// All members that the sender knows, itself included, in the order of their ids.
    public var members: [MemberRecord]
    /// The newest version that the sender holds of each cold record.
    public var have: [ColdStamp]
    /// Cold records.
    public var records: [ColdRecord]
    /// Hot records with their age in milliseconds.
    public var hot: [HotRecord]
    /// The announcement of the router that the sender obeys or is.
    public var lease: LeaseRecord?
    /// The roster that the sender goes by; nil from programs that have none.
    public var roster: Roster?
    /// How often it has gone over to another lineage.
    public var rosterMoves: UInt32
    /// Which fleet settings the sender holds.
    public var settingsDigest: SettingsDigest
    /// All of them, deleted ones too, when the other side is known to hold others; else none.
    public var settings: [SettingEntry]

    /// A message.
    public init(
        sender: MemberRecord, members: [MemberRecord], have: [ColdStamp], records: [ColdRecord], hot: [HotRecord],
        lease: LeaseRecord?, settingsDigest: SettingsDigest = SettingsDigest(), settings: [SettingEntry] = [],
        roster: Roster? = nil, rosterMoves: UInt32 = 0
    ) {
        self.sender = sender
        self.members = members
        self.have = have
        self.records = records
        self.hot = hot
        self.lease = lease
        self.settingsDigest = settingsDigest
        self.settings = settings
        self.roster = roster
        self.rosterMoves = rosterMoves
    }
}
