internal import Gossip
internal import NIOCore
internal import Routing

extension LaneRequest {
    // MARK: Head and body

    /// Looks at the head: what can be refused without the body is refused now.
    func start() {
        laneState.count { counters in
            counters.active += 1
            if isTarget { counters.forwardedHere += 1 } else { counters.accepted += 1 }
        }
        loop.add(self)
        if let failure = refusalAtHead() { return fail(failure, as: .rejected) }
        if isTarget { admitAtHead() }
    }

    private func refusalAtHead() -> LaneFailure? {
        if let front, front.isMesh {
            guard hop.hop > 0 else {
                return LaneFailure(403, "the mesh port takes requests from peers only: use the client port")
            }
        }
        if hop.hop > 1 {
            return LaneFailure(508, "this request was forwarded already: a backend URL points at a herd-peer; remove it there")
        }
        if isTarget, hop.passed(laneState.selfHex) {
            return LaneFailure(
                508, "this request came back to where it was: a backend URL points at a herd-peer; remove it there")
        }
        if let front, front.isMesh, let sent = hop.requestID,
            !laneState.isFirstArrival(sent, attempt: hop.attempt, now: arrived)
        {
            return LaneFailure(409, "this attempt came here before")
        }
        if let declared = head.contentLength, declared > settings.maximumBodyBytes {
            return tooLarge
        }
        return nil
    }

    private var tooLarge: LaneFailure {
        LaneFailure(413, "the request body is larger than \(settings.maximumBodyBytes) bytes", closes: true)
    }

    var tooManyBodies: LaneFailure {
        LaneFailure(503, "too many large requests at once: try again later", retryAfterSeconds: 5, closes: true)
    }

    /// The next part of the body.
    func received(_ bytes: ByteBuffer) {
        guard state != .done, !isBodyComplete else { return }
        lastActivity = loop.now
        let size = body.readableBytes + bytes.readableBytes
        guard size <= settings.maximumBodyBytes else { return fail(tooLarge, as: .rejected) }
        guard loop.reserve(bytes.readableBytes) else {
            return fail(tooManyBodies, as: .rejected)
        }
        if body.readableBytes == 0 {
            body = bytes
        } else {
            body.writeImmutableBuffer(bytes)
        }
    }

    /// The body is whole: scan it and start.
    func bodyComplete() {
        guard state != .done, !isBodyComplete else { return }
        isBodyComplete = true
        if head.has(.contentEncoding) { unpackBody() } else { bodyUnpacked() }
    }

    /// The body is whole and plain.
    func bodyUnpacked() {
        takeQueryForBody()
        let size = body.readableBytes
        laneState.count { $0.bytesIn += size }
        guard size > 0 else { return fail(.noBody(route: route), as: .rejected) }
        if let capture = settings.capture { show(to: capture) }
        do throws(ScanError) {
            scan = try readBody()
        } catch {
            var failure = error == ScanError("EOF") ? LaneFailure.noBody(route: route) : LaneFailure(400, error.message)
            failure.isUnread = true
            return fail(failure, as: .rejected)
        }
        guard let model = scan.model, !model.isEmpty else { return fail(.modelMissing(route: route), as: .rejected) }
        guard model.utf8.count <= 1024, !model.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            return fail(LaneFailure(400, "invalid model name"), as: .rejected)
        }
        fillQuery(model: model)
        if route == .countTokens {
            countTokens()
        } else if isTarget {
            bodyCompleteAtTarget()
        } else {
            startEntry()
        }
    }

    func fillQuery(model: String) {
        query.model = model
        query.fallbackModels = fallbackAllowed ? scan.fallbackModels : []
        if !isTarget, !settings.aliases.isEmpty, let models = settings.aliases.models(for: model, in: laneState.view) {
            query.fallbackModels = models + query.fallbackModels
        }
        query.hasImages = scan.imageCount > 0
        query.hasAudio = scan.audioCount > 0
        query.hasTools = scan.hasTools
        query.estimatedTokens = scan.estimatedTokens
        query.requestedContext = scan.requestedContext
        query.session = session
        query.prefix = route.kind == .embed ? nil : scan.prefix
        allowSubstitutes()
    }

    /// The request's tags: body, header, user, in that order, without repeats.
    func makeTags() -> [String] {
        let key = front?.keyName
        if scan.tags.isEmpty, scan.user == nil, scan.metadataUser == nil, key == nil, !head.has(.mesh) { return [] }
        var all = scan.tags
        if let header = head.first(name: "x-herd-tags") {
            all += header.split(separator: ",").prefix(64).map { $0.trimmingSpaces }
        }
        if let user = scan.user ?? scan.metadataUser { all.append("user:\(user)") }
        if let key {
            // Whose key it was is not the client's to say.
            all.removeAll { $0.hasPrefix("key:") }
            all.append("key:\(key)")
        }
        var seen = Set<String>()
        return all.filter { !$0.isEmpty && seen.insert($0).inserted }
    }

    /// The conversation: the tag `session:…`, else client and model (herd-compat §6.3).
    private var session: UInt64? {
        guard route.kind != .embed else { return nil }
        if let named = tags.first(where: { $0.hasPrefix("session:") }) { return ModelKey(name: named).rawValue }
        return (turn.client ^ askedKey.rawValue) &* 0x9E37_79B9_7F4A_7C15
    }
}

extension Substring {
    /// Without spaces and tabs at both ends.
    var trimmingSpaces: String {
        var text = self
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}
