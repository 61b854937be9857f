extension Herd {
    /// What this peer says in a push/pull: the opening, or the answer to `request` without the cold records that it has.
    ///
    /// An opening carries this peer's own cold records; those of others are for the answer, when it is known what is missing.
    public func syncMessage(for request: SyncMessage? = nil, now: Instant) -> SyncMessage {
        var message = syncFrame(now)
        guard let request else {
            message.records = ownColdRecords(newerThan: ColdVersions())
            return message
        }
        message.settings = settings(unlike: request.settingsDigest, now)
        // Looked up by key only: its order is never seen.
        var heldHot: [PeerID: RecordVersion] = [:]
        for record in request.hot.prefix(SyncMessage.mostMembers) { heldHot[record.id] = record.version }
        message.hot.removeAll { $0.version <= heldHot[$0.id] ?? .none }
        // The same.
        var held: [ColdStamp.Key: RecordVersion] = [:]
        for stamp in request.have.prefix(2 * SyncMessage.mostMembers) { held[stamp.key] = stamp.version }
        for (id, records) in allRecords() where id != request.sender.id {
            for kind in ColdKind.allCases {
                guard let entry = records[kind] else { continue }
                let stamp = ColdStamp(id: id, kind: kind, version: entry.version)
                guard entry.version > held[stamp.key] ?? .none else { continue }
                message.records.append(ColdRecord(stamp: stamp, payload: entry.payload))
            }
        }
        return message
    }

    /// The opening of a push/pull with the peer at `endpoint`, as `HerdAction.sync` wants it, without what that peer is known
    /// to hold.
    public func syncMessage(to endpoint: Endpoint, now: Instant) -> SyncMessage {
        var message = syncFrame(now)
        let pull = members.index(endpoint: endpoint).map { members.entries[$0].pull }
        message.records = ownColdRecords(newerThan: pull?.holdsOwn ?? ColdVersions())
        message.settings = settings(unlike: pull?.theirSettings, now)
        return message
    }

    /// Members, versions, hot records and the lease.
    private func syncFrame(_ now: Instant) -> SyncMessage {
        var message = SyncMessage(
            sender: selfRecord, members: allMembers(), have: [], records: [], hot: [], lease: leaseAnnouncement(now: now),
            settingsDigest: settingsDigest, roster: lease.roster, rosterMoves: lease.durable.rosterMoves)
        for (id, records) in allRecords() {
            for kind in ColdKind.allCases {
                if let entry = records[kind] { message.have.append(ColdStamp(id: id, kind: kind, version: entry.version)) }
            }
            guard let report = records.hot else { continue }
            let age = max(0, min((now - records.hotMadeAt).wholeMilliseconds, Int64(UInt32.max)))
            message.hot.append(
                HotRecord(
                    id: id, version: records.hotVersion, ageMilliseconds: UInt32(age), coldVersions: records.coldVersions,
                    report: report))
        }
        return message
    }

    private func ownColdRecords(newerThan known: ColdVersions) -> [ColdRecord] {
        var result: [ColdRecord] = []
        for (kind, counter) in [(ColdKind.models, known.models), (.fixed, known.fixed)] {
            guard let entry = own.published[kind], entry.version.counter > counter else { continue }
            let stamp = ColdStamp(id: selfRecord.id, kind: kind, version: entry.version)
            result.append(ColdRecord(stamp: stamp, payload: entry.payload))
        }
        return result
    }

    /// The member records of all peers of which this run knows anything, in the order of their ids.
    private func allMembers() -> [MemberRecord] {
        var result: [MemberRecord] = []
        var isSelfListed = false
        for member in members.entries {
            if !isSelfListed, selfRecord.id < member.id {
                result.append(selfRecord)
                isSelfListed = true
            }
            if !member.isPlaceholder { result.append(member.record) }
        }
        if !isSelfListed { result.append(selfRecord) }
        return Array(result.prefix(SyncMessage.mostMembers))
    }

    /// All peers' records, this one's first.
    private func allRecords() -> [(PeerID, PeerRecords)] {
        [(selfRecord.id, own.published)] + members.entries.prefix(SyncMessage.mostMembers - 1).map { ($0.id, $0.records) }
    }

    /// Takes the other half of a push/pull.
    mutating func receive(_ message: SyncMessage, from: Endpoint?, _ now: Instant) {
        guard message.isWithinBounds, message.sender.id != selfRecord.id else { return }
        let endpoint = from ?? message.sender.endpoint
        if members.index(message.sender.id) == nil, message.sender.status == .alive, endpoint.isUsable {
            meet(message.sender, from: endpoint, source: dialSource(endpoint), now)
        }
        guard let index = members.index(message.sender.id), hear(index, Contact(message, from: from), now) else { return }
        dialAnswered(at: endpoint, by: message.sender.id)
        if acknowledgeProbes(of: message.sender.id, now) { noteOnlyTCP(index, now) }
        noteHeld(message.have, by: index)
        for record in message.members where record.id != message.sender.id { learn(record, teller: endpoint, now) }
        for record in message.hot { learn(record, now) }
        for record in message.records { learn(record) }
        if let lease = message.lease { learn(lease, now) }
        // Members may have been added: the place may have changed.
        guard let index = members.index(message.sender.id) else { return }
        let isAnswer = members.entries[index].pull.isAsking
        pulled(index, now)
        learnSettings(message, isAnswer: isAnswer, now)
        if let roster = message.roster {
            feedViewIfChanged(now)
            feed(.roster(roster, moves: message.rosterMoves, from: message.sender.id), now)
        }
    }

    private func dialSource(_ endpoint: Endpoint) -> AddressSource {
        dialling.index(endpoint: endpoint).map { dialling.dials[$0].source } ?? .gossip
    }

    /// Remembers which of this peer's own cold records a member holds.
    private mutating func noteHeld(_ stamps: [ColdStamp], by index: Int) {
        members.entries[index].pull.holdsOwn = ColdVersions()
        for stamp in stamps where stamp.id == selfRecord.id && stamp.version.generation == selfRecord.generation {
            switch stamp.kind {
            case .models: members.entries[index].pull.holdsOwn.models = stamp.version.counter
            case .fixed: members.entries[index].pull.holdsOwn.fixed = stamp.version.counter
            }
        }
    }
}

extension ColdStamp {
    /// Which record, whatever its version.
    fileprivate struct Key: Hashable {
        var id: PeerID
        var kind: ColdKind
    }

    fileprivate var key: Key { Key(id: id, kind: kind) }
}
