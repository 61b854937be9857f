extension Checks {
    /// `debug_capture_on`: what people write to models lies in plain files, which somebody may have forgotten.
    static func captures(_ facts: HealthFacts) -> [Finding] {
        facts.digests.compactMap { digest in
            guard let capture = digest.capture else { return nil }
            return Finding(
                "debug_capture_on", .warning, title: "What clients send is kept",
                description: "\(digest.node) writes the bodies of requests, prompts included, to files in its data directory: "
                    + "\(text(capture.megabytes)) MB by now, kept for \(capture.retentionDays) days.",
                fix: "When the fault is found, take FLEET_DEBUG_REQUEST_BODIES away there, restart it, delete its debug folder.",
                node: digest.node,
                data: [
                    "retention_days": .whole(capture.retentionDays), "size_mb": .tenth(capture.megabytes),
                    "dropped": .whole(capture.dropped),
                ])
        }
    }
}
