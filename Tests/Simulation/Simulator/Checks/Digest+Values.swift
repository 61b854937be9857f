import Gossip

extension Digest {
    mutating func add(_ id: PeerID) {
        add(id.short)
    }

    mutating func add(_ endpoint: Endpoint) {
        if case .v4(let bits) = endpoint.address { add(bits) }
        add(endpoint.port)
    }

    mutating func add(_ text: String) {
        for byte in text.utf8 { add(byte) }
    }

    mutating func add(_ entry: SettingEntry) {
        add(entry.key)
        add(entry.value ?? "")
        add(entry.version.epoch)
        add(entry.version.counter)
        add(entry.version.node)
    }

    mutating func add(_ record: MemberRecord) {
        add(record.id)
        add(record.generation)
        add(record.incarnation)
        add(record.status.number)
    }

    mutating func add(_ record: LeaseRecord) {
        add(record.router)
        add(record.epoch)
        add(record.counter)
        add(record.domainSize)
    }

    mutating func add(_ message: LeaseMessage) {
        switch message {
        case .preVote(let round): add(1); add(round)
        case .preVoteReply(let round, let yes, let maxEpoch): add(2); add(round); add(yes ? 1 : 0); add(maxEpoch)
        case .request(let epoch, let round, let length): add(3); add(epoch); add(round); add(length)
        case .granted(let epoch, let round, let roster, let moves): add(4); add(epoch); add(round); add(roster); add(moves)
        case .rejected(let epoch, let round, let maxEpoch, let holder, let remaining):
            add(5); add(epoch); add(round); add(maxEpoch); add(holder?.short ?? 0); add(remaining)
        case .release(let epoch): add(6); add(epoch)
        case .handOver(let epoch, let successor): add(7); add(epoch); add(successor)
        case .roster(.whole(let roster, _)): add(8); add(roster.hash)
        case .roster(.step(let base, _, let version)): add(9); add(base); add(version.epoch); add(version.counter)
        }
    }

    mutating func add(_ message: Message) {
        switch message {
        case .ping(let sequence, let target): add(11); add(sequence); add(target)
        case .ack(let sequence): add(12); add(sequence)
        case .pingRequest(let sequence, let target, let endpoint): add(13); add(sequence); add(target); add(endpoint)
        case .nack(let sequence): add(14); add(sequence)
        case .gossip: add(15)
        case .lease(let message): add(message)
        case .bye(let reason): add(16); add(reason.rawValue)
        case .resume: add(17)
        }
    }

    mutating func add(_ item: Item) {
        switch item {
        case .member(let record): add(21); add(record)
        case .suspect(let id, let generation, let incarnation, let by):
            add(22); add(id); add(generation); add(incarnation); add(by)
        case .hot(let id, let version, let age, _, _): add(23); add(id); add(version.counter); add(age)
        case .lease(let record): add(24); add(record)
        case .uptime(let milliseconds): add(25); add(milliseconds)
        }
    }

    mutating func add(_ datagram: Datagram) {
        add(datagram.sender)
        add(UInt64(datagram.generation) << 32 | UInt64(datagram.incarnation))
        add(datagram.message)
        for item in datagram.items { add(item) }
    }

    mutating func add(_ sync: SyncMessage) {
        add(sync.sender)
        for record in sync.members { add(record) }
        add(sync.have.count)
        if let lease = sync.lease { add(lease) }
    }

    mutating func add(_ event: HerdEvent) {
        switch event {
        case .wake: add(31)
        case .datagram(let datagram, _): add(32); add(datagram)
        case .candidate(let endpoint, _, let expected): add(33); add(endpoint); add(expected ?? 0)
        case .farewellHint(let id): add(34); add(id)
        case .synced(let message, _): add(35); add(message)
        case .syncFailed(let endpoint): add(36); add(endpoint)
        case .hot(let report): add(37); add(report.inFlight)
        case .cold(_, let payload): add(38); add(payload.count)
        case .candidacy(let candidacy): add(39); add(candidacy.priority)
        case .evidence(_, let id): add(40); add(id)
        case .processDied(let id): add(41); add(id)
        case .resumed(let after): add(42); add(after.wholeNanoseconds)
        case .suspending: add(46)
        case .ownEndpoint(let endpoint): add(47); add(endpoint)
        case .tunnelled(let datagram, _): add(48); add(datagram)
        case .tunnelFailed(let endpoint): add(49); add(endpoint)
        case .credentials(_, let keyIDs): add(50); add(keyIDs.count)
        case .storage(let writable, _): add(writable ? 43 : 44)
        case .shutdown: add(45)
        case .restoreSettings(let entries): add(71); for entry in entries { add(entry) }
        case .writeSetting(let key, let value): add(72); add(key); add(value ?? "")
        }
    }

    mutating func add(_ action: HerdAction) {
        switch action {
        case .persist(let state):
            add(51); add(state.maxEpoch); add(state.cleanExit ? 1 : 0); add(state.roster?.hash ?? 0)
        case .send(let datagram, let endpoint): add(52); add(endpoint); add(datagram)
        case .tunnel(let datagram, let endpoint): add(57); add(endpoint); add(datagram)
        case .reidentify: add(58)
        case .sync(let endpoint): add(53); add(endpoint)
        case .viewChanged: add(54)
        case .remember: add(55)
        case .settingsChanged(let entries): add(73); for entry in entries { add(entry) }
        case .note(let note): add(56); add(note)
        }
    }

    private mutating func add(_ note: HerdNote) {
        switch note {
        case .lease(let note): add(note)
        case .status(let id, _, let status): add(id); add(status.number)
        case .refuted(let incarnation): add(incarnation)
        case .identityClash(let endpoint): add(endpoint)
        case .incompatible(let id, let versions): add(id); add(versions.upperBound)
        case .settingWritten(let entry, _): add(entry)
        case .settingOverruled(let lost, let kept): add(lost); add(kept)
        case .settingDropped(let entry): add(entry)
        case .settingRefused(let key, _): add(key)
        case .settingsRefused(let count, let from): add(count); add(from)
        }
    }

    private mutating func add(_ note: LeaseNote) {
        switch note {
        case .granted(let id, let epoch, let until): add(61); add(id); add(epoch); add(until.nanoseconds)
        case .renewed(let id, let epoch, let until): add(62); add(id); add(epoch); add(until.nanoseconds)
        case .epochRefused(let epoch, let id): add(67); add(epoch); add(id)
        case .ended(let id, let epoch): add(63); add(id); add(epoch)
        case .stood(let epoch): add(64); add(epoch)
        case .elected(let epoch, let mode): add(65); add(epoch); add(mode == .quorate ? 1 : 0)
        case .steppedDown(let epoch, _): add(66); add(epoch)
        }
    }
}

extension MemberStatus {
    /// A number for the hash.
    fileprivate var number: UInt64 {
        switch self {
        case .alive: 1
        case .suspect: 2
        case .unreachable: 3
        case .left: 4
        case .asleep: 5
        }
    }
}
