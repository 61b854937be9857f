extension Checks {
    /// Clients that went away in 24 hours that are no accident.
    static let manyDisconnects = 3
    /// Broken answers in 24 hours that are no accident.
    static let manyIncomplete = 2
    /// Answers that say something of an engine's pace.
    static let paceSamples = 20

    /// `client_disconnects`, `incomplete_streams`, `empty_generations`, `decode_degraded`.
    static func streams(_ facts: HealthFacts) -> [Finding] {
        let traffic = facts.traffic
        return [disconnects(traffic), incomplete(traffic), empty(traffic)].compactMap(\.self)
            + traffic.models.compactMap { pace($0, traffic) }
    }

    private static func disconnects(_ traffic: TrafficDigest) -> Finding? {
        let day = traffic.total(.day)
        guard day.disconnected >= manyDisconnects else { return nil }
        let hour = traffic.total(.hour).disconnected
        let rate = percent(day.disconnected, of: day.requests)
        return Finding(
            "client_disconnects", hour > 0 && rate > 1 ? .warning : .info, title: "Clients go away",
            description: "\(day.disconnected) of \(day.requests) requests of 24 hours ended because their client went away.",
            fix: "Their time limits may be shorter than loading a model takes.",
            data: [
                "disconnects_24h": .whole(day.disconnected), "disconnects_1h": .whole(hour), "rate_pct": .number(rate.hundredths),
                "by_model": .counts(traffic.byModel(.day, \.disconnected)),
            ])
    }

    private static func incomplete(_ traffic: TrafficDigest) -> Finding? {
        let day = traffic.total(.day)
        guard day.incomplete >= manyIncomplete else { return nil }
        let hour = traffic.total(.hour).incomplete
        let rate = percent(day.incomplete, of: day.requests)
        return Finding(
            "incomplete_streams", hour > 0 && rate > 0.5 ? .warning : .info, title: "Answers break off",
            description: "\(day.incomplete) answers of 24 hours came without their end.",
            fix: "The engine or its machine stopped in the middle of them: see their logs.",
            data: [
                "incomplete_24h": .whole(day.incomplete), "incomplete_1h": .whole(hour), "rate_pct": .number(rate.hundredths),
                "by_model": .counts(traffic.byModel(.day, \.incomplete)),
            ])
    }

    private static func empty(_ traffic: TrafficDigest) -> Finding? {
        let day = traffic.total(.day).empty
        guard day >= 1 else { return nil }
        let hour = traffic.total(.hour).empty
        return Finding(
            "empty_generations", hour > 0 ? .warning : .info, title: "Answers without a token",
            description: "\(day) answers of 24 hours had no token.",
            fix: "Look at the prompts' templates, and whether a thinking model's limit is too low.",
            data: ["no_output": .whole(day), "recent": .whole(hour), "by_model": .counts(traffic.byModel(.day, \.empty))])
    }

    private static func pace(_ model: String, _ traffic: TrafficDigest) -> Finding? {
        let recent = traffic.total(.hour) { $0.model == model }.tokenTimes
        let baseline = traffic.total(.day) { $0.model == model }.tokenTimes
        guard recent.count >= paceSamples, let now = recent.percentile(0.99),
            let usual = baseline.percentile(0.99), usual > 0, now >= 2 * usual
        else { return nil }
        return Finding(
            "decode_degraded", .warning, title: "A model answers slower than usual",
            description:
                "\(model) takes \(text(now)) ms per token at worst (99 of 100 answers), \(text(now / usual)) times as long as "
                + "over 24 hours.", fix: "See what else its machines do, and whether they are hot.",
            data: [
                "model": .text(model), "recent_p99_ms": .tenth(now), "baseline_p99_ms": .tenth(usual),
                "ratio": .number((now / usual).hundredths), "samples": .whole(recent.count),
            ])
    }
}
