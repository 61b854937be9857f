extension Herd {
    /// How much is held.
    public var diagnostics: HerdDiagnostics {
        HerdDiagnostics(
            members: members.entries.count, rumours: rumours.count, timers: timers.count,
            probes: prober.probes.count + prober.relays.count, dials: dialling.dials.count, announcements: announcements.count)
    }

    /// Shows all other members in the order of their ids, without making a list.
    public func visitMembers(_ visit: (MemberTrace) -> Void) {
        for member in members.entries {
            visit(
                MemberTrace(
                    id: member.id, status: member.status, generation: member.record.generation,
                    incarnation: member.record.incarnation, hot: member.records.hotVersion, models: member.records.models?.version
                ))
        }
    }
}
