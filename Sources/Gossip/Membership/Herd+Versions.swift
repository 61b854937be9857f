extension Herd {
    /// Both speak a common protocol version. A peer that does not is not spoken to, and that is noted, at most once a minute.
    mutating func isUnderstood(_ record: MemberRecord, _ now: Instant) -> Bool {
        if Self.commonVersion(selfRecord.protocolRange, record.protocolRange) != nil { return true }
        if incompatibleNotedAt.map({ now - $0 >= .seconds(60) }) ?? true {
            incompatibleNotedAt = now
            actions.append(.note(.incompatible(record.id, versions: record.protocolRange)))
        }
        return false
    }

    /// A known member speaks another protocol now: it is out of sight here, which is nobody else's affair.
    mutating func shun(_ index: Int) {
        guard members.entries[index].isActive else { return }
        let before = members.entries[index].status
        clearTrial(index)
        members.entries[index].record.status = .unreachable
        members.entries[index].pull.dueAt = nil
        members.entries[index].redialAt = nil
        members.entries[index].memberRumour = 0
        let id = members.ids[index]
        members.setActive(id, false)
        prober.drop(id)
        if prober.again == id { prober.again = nil }
        noteStatus(index, from: before)
    }
}
