public import Gossip
internal import Routing

/// What would become of a request that came now: every machine with its signals or the reason why it is out, and nothing is sent.
public struct Explanation: Sendable, Encodable {
    /// A machine that could serve.
    public struct Candidate: Sendable, Encodable {
        /// 1 for the one that would be asked first.
        public var rank: Int
        /// Its node.
        public var node_id: String
        /// Its peer, 32 hexadecimal digits.
        public var peer: String
        /// The model that would serve.
        public var model: String
        /// The engine there.
        public var backend: String
        /// What that engine is.
        public var backend_kind: BackendKind
        /// The sum of the signals.
        public var score: Double
        /// By name, those of herd-compat's breakdown.
        public var signals: [String: Double]
        /// How old the report is that the signals are made of, milliseconds.
        public var record_age_ms: Int64
        /// Requests sent there by this peer that the report does not count yet.
        public var own_delta: Int
        /// It said a moment ago that it is busy: it comes last, whatever its score.
        public var busy: Bool
    }

    /// A machine that could not.
    public struct Eliminated: Sendable, Encodable {
        /// Its node.
        public var node_id: String
        /// Its peer, 32 hexadecimal digits.
        public var peer: String
        /// Why, in a word.
        public var reason: String
        /// Why, in words.
        public var detail: String
    }

    /// The model that was asked for.
    public var model: String
    /// The route that it was asked of.
    public var path: String
    /// The winner's node; nil where nobody could serve.
    public var winner: String?
    /// In words.
    public var decision: String
    /// Some machine, reachable or not, has the model.
    public var model_known: Bool
    /// Others wait for a machine: the request would stand in line with them.
    public var others_wait: Bool
    /// The prompt as estimated, in tokens.
    public var estimated_tokens: Int
    /// Best first.
    public var candidates: [Candidate]
    /// The others, in the order of their ids.
    public var eliminated: [Eliminated]

    private enum Key: String, CodingKey {
        case model, path, winner, decision, model_known, others_wait, estimated_tokens, candidates, eliminated
    }

    /// Writes all keys, the winner's also where there is none.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(model, forKey: .model)
        try container.encode(path, forKey: .path)
        try container.encode(winner, forKey: .winner)
        try container.encode(decision, forKey: .decision)
        try container.encode(model_known, forKey: .model_known)
        try container.encode(others_wait, forKey: .others_wait)
        try container.encode(estimated_tokens, forKey: .estimated_tokens)
        try container.encode(candidates, forKey: .candidates)
        try container.encode(eliminated, forKey: .eliminated)
    }

    init(_ query: RouteRequest, path: String, plan: Plan, busy: Set<PeerID>) {
        model = query.model
        self.path = path
        let ranking = plan.ranking
        model_known = ranking.modelKnown
        others_wait = plan.othersWait
        estimated_tokens = query.estimatedTokens
        candidates = ranking.candidates.enumerated().map { place, candidate in
            Candidate(
                rank: place + 1, node_id: plan.name(of: candidate.peer), peer: candidate.peer.hex, model: candidate.servedModel,
                backend: candidate.backend, backend_kind: candidate.backendKind, score: candidate.score,
                signals: candidate.signals.named, record_age_ms: Int64(candidate.recordAge.wholeMilliseconds),
                own_delta: candidate.ownDelta, busy: busy.contains(candidate.peer))
        }
        eliminated = ranking.eliminated.map { peer, reason in
            Eliminated(node_id: plan.name(of: peer), peer: peer.hex, reason: reason.rawValue, detail: reason.words)
        }
        winner = candidates.first?.node_id
        decision = Self.decision(candidates, modelKnown: ranking.modelKnown, model: query.model)
    }

    private static func decision(_ candidates: [Candidate], modelKnown: Bool, model: String) -> String {
        guard let first = candidates.first else {
            return modelKnown ? "no machine can serve '\(model)' now" : "no machine has the model '\(model)'"
        }
        var text = "\(first.node_id) would be asked first"
        if first.model != model, first.model != model + ":latest" { text += ", with \(first.model)" }
        guard candidates.count > 1 else { return text + ": it is the only one that can serve" }
        let second = candidates[1]
        // The largest differences say why.
        let gains = first.signals.map { (name: $0.key, gain: $0.value - (second.signals[$0.key] ?? 0)) }
            .filter { $0.gain > 0 }.sorted { ($1.gain, $0.name) < ($0.gain, $1.name) }.prefix(2)
        if second.busy, !first.busy { return text + ": \(second.node_id) said that it is busy" }
        guard !gains.isEmpty else {
            return text + ": it is as good as \(second.node_id), and the choice among equals is by chance"
        }
        return text + ", before \(second.node_id) by " + gains.map(\.name).joined(separator: " and ")
    }
}

extension Signals {
    /// By the names of traces.
    fileprivate var named: [String: Double] {
        [
            "thermal": thermal, "memory_fit": memoryFit, "queue_depth": queueDepth, "wait_time": waitTime,
            "role_affinity": roleAffinity, "availability_trend": availabilityTrend, "context_fit": contextFit,
            "session_affinity": sessionAffinity, "prefix_affinity": prefixAffinity,
        ]
    }
}

extension Elimination {
    /// Why, for people.
    fileprivate var words: String {
        switch self {
        case .unreachable: "it cannot be reached"
        case .left: "it left the fleet"
        case .excluded: "the request leaves it out"
        case .draining: "it finishes what it has and takes nothing new"
        case .noBackend: "no engine answers there"
        case .memoryCritical: "its memory is nearly used up"
        case .unavailable: "its owner keeps it for himself at this hour"
        case .modelMissing: "it does not have the model"
        case .wrongDialect: "none of its engines speaks what is asked, and nothing can be translated"
        case .missingCapability: "the model there cannot do what is asked: see, hear, embed or call tools"
        case .doesNotFit: "the model does not fit into its memory"
        case .suspect: "it has not answered for a moment, and others can serve"
        }
    }
}
