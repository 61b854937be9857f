/// A rumour that rides on a datagram.
public enum Item: Hashable, Sendable {
    /// What a peer says of itself, or what is known of it: identity, address, status.
    case member(MemberRecord)
    /// `by` (short id) suspects the peer of this record's id at this generation and incarnation.
    case suspect(PeerID, generation: UInt32, incarnation: UInt32, by: UInt64)
    /// A peer's hot record; `ageCentiseconds` counts from its making, in units of 10 ms, each relay adds.
    case hot(PeerID, version: RecordVersion, ageCentiseconds: UInt16, coldVersions: ColdVersions, HotReport)
    /// A router's announcement.
    case lease(LeaseRecord)
    /// How long the sender's process has been running: two processes with one id find out by it which is younger.
    case uptime(milliseconds: UInt64)

    /// A member record as datagrams carry it: without its pin.
    static func told(_ record: MemberRecord) -> Item {
        guard record.pin != nil else { return .member(record) }
        var record = record
        record.pin = nil
        return .member(record)
    }
}
