extension Herd {
    /// All members ever met and not forgotten, this peer included, in the order of their ids.
    public var memberEntries: [MemberEntry] {
        var result: [MemberEntry] = []
        result.reserveCapacity(members.entries.count + 1)
        var isSelfListed = false
        for member in members.entries {
            if !isSelfListed, selfRecord.id < member.id {
                result.append(selfEntry)
                isSelfListed = true
            }
            result.append(Self.entry(member))
        }
        if !isSelfListed { result.append(selfEntry) }
        return result
    }

    /// What this peer believes of another; nil for strangers and for itself.
    public func memberEntry(_ id: PeerID) -> MemberEntry? {
        members.index(id).map { Self.entry(members.entries[$0]) }
    }

    /// The other peers as they are to be written down (mesh protocol §2.4).
    public func rememberedPeers(now: Instant) -> [RememberedPeer] {
        members.entries.map { member in
            RememberedPeer(
                id: member.id, endpoint: member.record.endpoint,
                secondsSinceSeen: max(0, (now - member.lastSeen).wholeMilliseconds / 1_000),
                left: member.record.status == .left, ephemeral: member.record.candidacy.ephemeral,
                pin: member.record.pin)
        }
    }

    /// Bytes sent since the start, IP and UDP headers included: in all but the election, and in the election.
    public var sentBytes: (gossip: UInt64, election: UInt64) { (traffic.total, traffic.election) }

    /// Messages that waited or were left out because a second had its share of bytes.
    public var postponedMessages: UInt64 { traffic.postponed }

    /// The local health multiplier, 0…7: how much this peer distrusts its own timing.
    public var localHealth: Int { prober.localHealth }

    private var selfEntry: MemberEntry {
        // A peer whose machine is about to sleep still serves those that ask it.
        let status = selfRecord.status == .asleep ? .alive : selfRecord.status
        return Self.entry(
            selfRecord, own.published, status: status, source: nil, lastHeard: nil, isPlaceholder: false, isUDPBlocked: false)
    }

    private static func entry(_ member: Member) -> MemberEntry {
        entry(
            member.record, member.records, status: member.status, source: member.source, lastHeard: member.lastHeard,
            isPlaceholder: member.isPlaceholder, isUDPBlocked: member.isUDPBlocked)
    }

    private static func entry(
        _ record: MemberRecord, _ records: PeerRecords, status: MemberStatus, source: AddressSource?, lastHeard: Instant?,
        isPlaceholder: Bool, isUDPBlocked: Bool
    ) -> MemberEntry {
        MemberEntry(
            id: record.id, status: status, endpoint: record.endpoint, source: source, lastHeard: lastHeard,
            record: isPlaceholder ? nil : record, protocolRange: isPlaceholder ? nil : record.protocolRange, pin: record.pin,
            keyIDs: record.keyIDs, isUDPBlocked: isUDPBlocked, hot: records.hot, hotVersion: records.hotVersion,
            hotMadeAt: records.hotMadeAt, models: records.models, fixed: records.fixed)
    }
}
