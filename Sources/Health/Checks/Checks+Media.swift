extension Checks {
    /// `image_generation`, `transcription_activity`.
    static func media(_ facts: HealthFacts) -> [Finding] {
        let day = facts.traffic.total(.day)
        return [
            finding(
                "image_generation", "Pictures are made", "pictures", day.images, day.imagesFailed),
            finding(
                "transcription_activity", "Recordings are written down", "recordings", day.transcriptions,
                day.transcriptionsFailed),
        ].compactMap(\.self)
    }

    private static func finding(_ id: String, _ title: String, _ things: String, _ total: Int, _ failed: Int) -> Finding? {
        guard total > 0 else { return nil }
        return Finding(
            id, failed > 0 ? .warning : .info, title: title,
            description: "\(total) \(things) were asked for in 24 hours; \(failed) failed.",
            fix: failed > 0 ? "See the traces for the reason." : "Nothing.",
            data: ["total_24h": .whole(total), "completed_24h": .whole(total - failed), "failed_24h": .whole(failed)])
    }
}
