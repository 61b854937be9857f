extension Checks {
    /// Rows lost in five minutes that make it a fault.
    static let manyLost = 50

    /// `trace_store_write_failures`, `trace_writer_behind`, `trace_store_missing`, `trace_store_moved_aside`, `shard_unreachable`,
    /// `disk_almost_full`.
    static func stores(_ facts: HealthFacts) -> [Finding] {
        facts.digests.flatMap { digest in
            [failures(digest), behind(digest), gone(digest), aside(digest), disk(digest)].compactMap(\.self)
        } + [unreachable(facts)].compactMap(\.self)
    }

    private static func failures(_ digest: PeerDigest) -> Finding? {
        let writer = digest.writer
        guard writer.recentlyLost > 0 || writer.problem != nil else { return nil }
        return Finding(
            "trace_store_write_failures", writer.recentlyLost >= manyLost ? .critical : .warning, title: "Traces are lost",
            description: "\(digest.node) lost \(writer.recentlyLost) rows of its traces in five minutes"
                + (writer.problem.map { ": \($0)" } ?? "."),
            fix: "Make room on the disk of its data directory. Requests are served all the same.", node: digest.node,
            data: [
                "failures_5m": .whole(writer.recentlyLost), "failures_total": .whole(writer.lost),
                "last_error": writer.problem.map { .text($0) } ?? .null,
            ])
    }

    private static func behind(_ digest: PeerDigest) -> Finding? {
        let writer = digest.writer
        guard writer.limit > 0, writer.waiting * 2 >= writer.limit else { return nil }
        return Finding(
            "trace_writer_behind", .warning, title: "The trace writer is behind",
            description: "\(writer.waiting) rows wait on \(digest.node); from \(writer.limit) on new ones are lost.",
            fix: "Its disk is too slow for its requests: see what else writes there.", node: digest.node,
            data: ["waiting": .whole(writer.waiting), "limit": .whole(writer.limit)])
    }

    private static func gone(_ digest: PeerDigest) -> Finding? {
        guard digest.writer.isFileGone else { return nil }
        return Finding(
            "trace_store_missing", .critical, title: "The trace file is gone",
            description: "Somebody deleted or replaced latency.db on \(digest.node) while it runs: what was in it is lost.",
            fix: "Put a backup in its place while herd-peer is stopped. Else it begins a new file with the next request.",
            node: digest.node)
    }

    private static func aside(_ digest: PeerDigest) -> Finding? {
        guard let path = digest.writer.movedAside else { return nil }
        return Finding(
            "trace_store_moved_aside", .info, title: "A damaged trace file was moved aside",
            description: "\(digest.node) found its latency.db damaged at its start and began a new one.",
            fix: "Look into \(path) with sqlite3, or delete it.", node: digest.node, data: ["path": .text(path)])
    }

    /// Less than 5 %, or less than 2 GB.
    private static func disk(_ digest: PeerDigest) -> Finding? {
        guard let free = digest.diskFreeGigabytes, let total = digest.diskTotalGigabytes, total > 0 else { return nil }
        guard free < total * 0.05 || free < 2 else { return nil }
        return Finding(
            "disk_almost_full", free < 0.2 ? .critical : .warning, title: "The disk is almost full",
            description: "\(digest.node) has \(text(free)) of \(text(total)) GB left on the disk of its data directory.",
            fix: "Delete models that nobody uses, or lower FLEET_TRACE_RETENTION_DAYS.", node: digest.node,
            data: ["available_gb": .tenth(free), "total_gb": .tenth(total)])
    }

    private static func unreachable(_ facts: HealthFacts) -> Finding? {
        guard !facts.missing.isEmpty else { return nil }
        let names = facts.missing.map(\.node)
        let online = facts.nodes.contains { $0.status == .online && names.contains($0.name) }
        return Finding(
            "shard_unreachable", online ? .warning : .info, title: "Statistics are incomplete",
            description: "\(words(names)) did not say what \(names.count == 1 ? "its" : "their") shard holds: "
                + words(Set(facts.missing.map(\.reason)).sorted()) + ".",
            fix: online ? "Look at its log: it is there, and did not answer in time." : "They count again when they are back.",
            data: [
                "missing": .list(
                    facts.missing.map {
                        .object([
                            "node_id": .text($0.node), "last_seen": .optional($0.lastSeen), "reason": .text($0.reason),
                        ])
                    })
            ])
    }
}
