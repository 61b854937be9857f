extension Herd {
    /// How long gossip may take before a missing hot record is pulled.
    static let pullPatience = Duration.milliseconds(300)
    /// A view is made anew when a report's age dropped by this much without any other change.
    static let noticeableAge = Duration.seconds(5)

    /// Takes another peer's hot record.
    mutating func learn(_ record: HotRecord, _ now: Instant) {
        guard record.id != selfRecord.id, let index = members.index(record.id) else { return }
        let madeAt = now - .milliseconds(Int64(record.ageMilliseconds))
        let known = members.entries[index].records.hotVersion
        if record.version == known { return confirmHot(index, asOf: madeAt) }
        guard record.version > known else { return }
        members.entries[index].records.hot = record.report
        members.entries[index].records.hotVersion = record.version
        members.entries[index].records.hotMadeAt = madeAt
        members.entries[index].records.coldVersions = record.coldVersions
        changed.view = true
        // With two peers there is nobody to tell.
        if members.active.count > 1 { members.entries[index].hotRumour = rumours.add(.hot(record.id)) }
        if members.entries[index].records.lacksCold {
            planPull(index, at: now + random.duration(below: .milliseconds(5 * members.size)), now)
        }
    }

    /// A datagram's header names its sender's hot version: the one known here is current, or something is missing.
    mutating func compareHot(_ index: Int, _ version: RecordVersion, _ now: Instant) {
        let known = members.entries[index].records.hotVersion
        if version == known { return confirmHot(index, asOf: now) }
        guard version > known, version.counter > 0, version > members.entries[index].pull.newestHot else { return }
        members.entries[index].pull.newestHot = version
        planPull(index, at: now + Self.pullPatience, now)
    }

    /// The report known here was still current at `instant`.
    private mutating func confirmHot(_ index: Int, asOf instant: Instant) {
        let gain = instant - members.entries[index].records.hotMadeAt
        guard gain > .zero, members.entries[index].records.hot != nil else { return }
        members.entries[index].records.hotMadeAt = instant
        members.entries[index].ageGain += gain
        guard members.entries[index].ageGain >= Self.noticeableAge else { return }
        members.entries[index].ageGain = .zero
        changed.view = true
    }

    /// Takes another peer's cold record.
    mutating func learn(_ record: ColdRecord) {
        let stamp = record.stamp
        guard stamp.id != selfRecord.id, let index = members.index(stamp.id) else { return }
        guard stamp.version > members.entries[index].records[stamp.kind]?.version ?? .none else { return }
        members.entries[index].records[stamp.kind] = ColdEntry(version: stamp.version, payload: record.payload)
        changed.view = true
    }
}
