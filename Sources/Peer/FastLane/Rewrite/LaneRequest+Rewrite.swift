internal import Gossip
internal import NIOCore
internal import Routing

extension LaneRequest {
    // MARK: What an engine of this machine gets in place of what the client sent

    /// Prompts below are not compared with contexts: no engine has a smaller one.
    private static let leastOverflow = 1_024

    /// Works out, once per attempt, what its engine's body differs in. Nothing where it is another machine's engine: that machine
    /// does it.
    func planRewrite() {
        guard let engine = attempt?.backend, !route.isManagement else { return }
        let rules = settings.rewrites
        let isNative = engine.kind.speaksOllama && route.dialect == .ollama
        if engine.kind.speaksOllama, rules.context != .passthrough { protectContext(engine, rules, isNative: isNative) }
        raiseBudget(engine, rules.thinking)
        if isNative, let keepAlive = rules.keepAlive { keepLoaded(keepAlive) }
        if rules.takesOutOwnFields { takeOutOwnFields() }
    }

    /// Made with the first thing that is rewritten.
    private var rewrite: AttemptRewrite {
        if let made = attempt?.rewrite { return made }
        let made = AttemptRewrite()
        attempt?.rewrite = made
        return made
    }

    /// The body of an attempt, with the name of its model where that is not the one asked for.
    func sentParts(of attempt: Attempt, name: String?) -> [ByteBuffer] { edits(of: attempt, name: name).parts(of: body) }

    /// The same as one run of bytes.
    func sentBytes(of attempt: Attempt, name: String?) -> [UInt8] { edits(of: attempt, name: name).bytes(of: body) }

    private func edits(of attempt: Attempt, name: String?) -> BodyEdits {
        var edits = attempt.rewrite?.edits ?? BodyEdits()
        guard let name, let range = scan.modelRange else { return edits }
        var value = ByteBuffer()
        value.writeJSONString(name)
        edits.replace(range, with: value)
        return edits
    }

    // MARK: Context protection (herd-compat §6.7)

    private func protectContext(_ engine: LocalBackend, _ rules: RewriteRules, isNative: Bool) {
        guard let model = attempt?.model else { return }
        let requested = isNative ? scan.requestedContext : nil
        let configured = isNative ? rules.context(of: model) : nil
        let mayOverflow = scan.estimatedTokens > Self.leastOverflow
        let learns = isNative && limits.learnsContexts && requested == nil && configured == nil && rules.context == .strip
        guard
            let (resident, asked) = laneState.contextInMemory(
                of: model, at: engine.id, isNeeded: requested != nil || configured != nil || mayOverflow || learns)
        else { return }
        let learned =
            learns
            ? laneState.learnedContext(of: model, at: engine.id, resident, asked: asked, needed: scan.estimatedTokens) : nil
        var inForce = asked ?? resident.context
        // A number that is none is the engine's to refuse.
        if isNative, scan.places.context == nil || requested != nil {
            let decision = ContextDecision.make(
                rules.context, requested: requested, model: resident, asked: asked,
                configured: configured ?? learned?.tokens, reduces: learned?.reduces == true)
            write(decision, requested: requested)
            if let loads = decision.loads(requested: requested, model: resident, asked: asked) {
                rewrite.loadsContext = (loads, resident.runner)
                inForce = loads
            }
        }
        if mayOverflow, let inForce, scan.estimatedTokens > inForce {
            rewrite.notes.add(.overflow, "context", from: "\(scan.estimatedTokens)", to: "\(inForce)")
        }
    }

    private func write(_ decision: ContextDecision, requested: Int?) {
        let given = requested.map { "\($0)" } ?? ""
        switch decision {
        case .leave: break
        case .reloads(let loaded): rewrite.notes.add(.reload, "num_ctx", from: given, to: "\(loaded)")
        case .replace(let tokens):
            guard let place = scan.places.context else { return }
            rewrite.edits.replace(place.range, with: "\(tokens)")
            rewrite.notes.add(.changed, "num_ctx", from: given, to: "\(tokens)")
        case .insert(let tokens):
            switch scan.places.options {
            case .absent: putIn("\"options\":{\"num_ctx\":\(tokens)}")
            case .object(let open, let isEmpty):
                rewrite.edits.replace(open..<open, with: "\"num_ctx\":\(tokens)\(isEmpty ? "" : ",")")
            case .null(let range): rewrite.edits.replace(range, with: "{\"num_ctx\":\(tokens)}")
            case .other: return
            }
            rewrite.notes.add(.changed, "num_ctx", to: "\(tokens)")
        }
    }

    /// A member before all others; there always is another, which names the model.
    private func putIn(_ member: String) {
        let open = scan.places.open
        rewrite.edits.replace(open..<open, with: member + ",")
    }

    /// The engine answered: if it loaded the model for this, its context is known now, long before its lists say so.
    func noteContext(status: Int) {
        guard status == 200, let attempt, let engine = attempt.backend, let (tokens, runner) = attempt.rewrite?.loadsContext
        else {
            return
        }
        laneState.contextAnswered(tokens, runner: runner, at: engine.id)
    }

    // MARK: Thinking budgets (herd-compat §6.7)

    private func raiseBudget(_ engine: LocalBackend, _ budget: ThinkingBudget) {
        guard let place = limitOfTokens, let asked = place.value, asked > 0, budget.overhead > 1, scan.places.thinks != false,
            let model = attempt?.model, laneState.thinks(model, at: engine)
        else { return }
        let raised = budget.raised(asked)
        if let raised {
            rewrite.edits.replace(place.range, with: "\(raised)")
            rewrite.notes.add(
                .changed, route.dialect == .ollama ? "num_predict" : "max_tokens", from: "\(asked)", to: "\(raised)")
        }
        rewrite.notes.add(.budget, "limit", from: "\(asked)", to: "\(raised ?? asked)")
    }

    /// The limit that was meant for an answer without thoughts. Anthropic's `max_tokens` and OpenAI's newer limits count
    /// thoughts by their own definition.
    private var limitOfTokens: BodyPlaces.Number? {
        switch route {
        case .chat, .generate: scan.places.predict
        case .openaiChat, .openaiCompletions: scan.places.maxTokens
        default: nil
        }
    }

    // MARK: keep_alive, and the fleet's own fields

    private func keepLoaded(_ keepAlive: String) {
        switch scan.places.keepAlive {
        case .given: return
        case .absent: putIn("\"keep_alive\":\(keepAlive)")
        case .null(let range): rewrite.edits.replace(range, with: keepAlive)
        }
        rewrite.notes.add(.changed, "keep_alive", to: keepAlive)
    }

    private func takeOutOwnFields() {
        let count = scan.places.own.cutCount + scan.places.ownTags.cutCount
        guard count > 0 else { return }
        let ranges = body.withUnsafeReadableBytes { raw in
            let bytes = raw.bindMemory(to: UInt8.self)
            return scan.places.own.ranges(in: bytes) + scan.places.ownTags.ranges(in: bytes)
        }
        rewrite.edits.remove(ranges)
        rewrite.notes.add(.changed, "fleet_fields", from: "\(count)", to: "0")
    }

    // MARK: What is said of it

    /// What the machine of the engine said.
    func takeNotes(_ head: UpstreamHead) {
        if let text = head.rewrites, attempt?.isLocal == false { rewrite.notes = RewriteNotes(text) }
    }

    /// Headers of an answer that begins: to the client, or to the peer that it talks to.
    func writeNotes(_ attempt: Attempt, to head: inout HeadBuilder) {
        guard let rewrite = attempt.rewrite, !rewrite.notes.isEmpty else { return }
        guard !isTarget else { return head.line("X-Herd-Rewrites: ", rewrite.notes.text) }
        for (name, value) in rewrite.notes.headers + rewrite.budget { head.line(named: name, value) }
    }
}
