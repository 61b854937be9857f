extension Checks {
    /// Requests that fail, as a share.
    static let errorRate = 0.05
    /// Failed attempts per request.
    static let retryRate = 0.3
    /// From so many on attempts are wasted on a large scale.
    static let highRetryRate = 0.5
    /// Failed embeddings in an hour that stop an index.
    static let manyEmbeddings = 25

    /// `high_error_rate`, `high_retry_rate`, `embed_error_rate`, `connection_failures`, `backend_bypass_clients`.
    static func traffic(_ facts: HealthFacts) -> [Finding] {
        let traffic = facts.traffic
        return traffic.nodes.compactMap { errors($0, traffic) } + [retries(traffic), embeddings(traffic)].compactMap(\.self)
            + facts.digests.compactMap(connections) + facts.digests.compactMap(bypass)
    }

    private static func errors(_ node: String, _ traffic: TrafficDigest) -> Finding? {
        let day = traffic.total(.day) { $0.node == node }
        let hour = traffic.total(.hour) { $0.node == node }
        guard day.requests > 0, Double(day.failures) >= errorRate * Double(day.requests) else { return nil }
        let isKnown = day.requests >= floor(errorRate)
        let isRecent = hour.requests > 0 && Double(hour.failures) >= errorRate * Double(hour.requests)
        let name = node.isEmpty ? "Requests without a node" : "Requests on \(node)"
        return Finding(
            "high_error_rate", isKnown && isRecent ? .warning : .info,
            title: isKnown && !isRecent ? "Requests failed often" : "Requests fail often",
            description:
                "\(name): \(day.failures) of \(day.requests) failed in 24 hours, \(hour.failures) of \(hour.requests) in the "
                + "last one.",
            fix: node.isEmpty
                ? "Their model is nowhere, or no node could take them: the traces say why."
                : "See the traces and the engine's log there.", node: node.isEmpty ? nil : node,
            data: [
                "error_rate_pct": .tenth(percent(day.failures, of: day.requests)), "failed": .whole(day.failures),
                "total": .whole(day.requests), "recent_failed": .whole(hour.failures), "recent_total": .whole(hour.requests),
                "recent_error_rate_pct": .tenth(percent(hour.failures, of: hour.requests)), "enough_samples": .truth(isKnown),
            ])
    }

    private static func retries(_ traffic: TrafficDigest) -> Finding? {
        let day = traffic.total(.day)
        guard day.requests >= floor(retryRate) else { return nil }
        let average = Double(day.retried) / Double(day.requests)
        guard average >= retryRate else { return nil }
        return Finding(
            "high_retry_rate", average < highRetryRate ? .info : .warning, title: "Requests are tried again often",
            description: "\(day.requests) requests of 24 hours took \(day.retried) further attempts.",
            fix: "Look which node fails: its row in the traces has the status `retried`.",
            data: [
                "avg_retries_per_request": .number(average.hundredths), "total_retries": .whole(day.retried),
                "total_requests": .whole(day.requests),
            ])
    }

    private static func embeddings(_ traffic: TrafficDigest) -> Finding? {
        let hour = traffic.total(.hour)
        guard hour.embeddingsFailed > 0 else { return nil }
        return Finding(
            "embed_error_rate", hour.embeddingsFailed >= manyEmbeddings ? .critical : .warning, title: "Embeddings fail",
            description: "\(hour.embeddingsFailed) of \(hour.embeddings) embeddings failed in the last hour.",
            fix: "Whoever builds an index loses these texts: see the traces for the reason.",
            data: [
                "failed_1h": .whole(hour.embeddingsFailed), "total_1h": .whole(hour.embeddings),
                "error_pct": .tenth(percent(hour.embeddingsFailed, of: hour.embeddings)),
                "by_model": .counts(traffic.byModel(.hour) { $0.embeddingsFailed }),
            ])
    }

    /// Failed calls of a peer's own engines: more than ten now are critical; more than fifty long ago are worth a word.
    private static func connections(_ digest: PeerDigest) -> Finding? {
        let recent = digest.engineFailures
        guard recent >= 1 || digest.engineFailuresTotal > 50 else { return nil }
        return Finding(
            "connection_failures", recent > 10 ? .critical : recent >= 1 ? .warning : .info,
            title: recent >= 1 ? "Calls of an engine fail" : "Calls of an engine failed",
            description: "\(digest.node) could not reach its engines \(recent) times in five minutes, "
                + "\(digest.engineFailuresTotal) times since its start.", fix: "See the engine's log there.", node: digest.node,
            data: ["recent_failures": .whole(recent), "total_failures": .whole(digest.engineFailuresTotal)])
    }

    private static func bypass(_ digest: PeerDigest) -> Finding? {
        guard !digest.foreignClients.isEmpty else { return nil }
        return Finding(
            "backend_bypass_clients", .warning, title: "Programs use an engine past the fleet",
            description:
                "On \(digest.node) \(words(digest.foreignClients.map(\.peer))) \(digest.foreignClients.count == 1 ? "is" : "are") "
                + "connected to an engine directly: the fleet does not see that load.",
            fix: "Point them at this fleet's address, port 11435.", node: digest.node,
            data: [
                "clients": .list(
                    digest.foreignClients.map { .object(["peer": .text($0.peer), "connections": .whole($0.connections)]) })
            ])
    }
}
