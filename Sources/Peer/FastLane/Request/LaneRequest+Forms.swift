internal import Gossip
internal import NIOCore
internal import NIOHTTP1
internal import Routing

extension LaneRequest {
    // MARK: Bodies that are no JSON, and bodies that need not name a model

    /// Reads what routing needs, whatever form the body has; where it may leave out its model one of the fleet's is put in.
    func readBody() throws(ScanError) -> BodyScan {
        let scan = try scanned()
        if route == .decide, body.readableBytes > (scan.imageCount > 0 ? 32 << 20 : 64 << 10) {
            let words = "a decision takes at most 64 KiB, with pictures 32 MiB"
            fail(LaneFailure(413, words), as: .rejected)
            throw ScanError(words)
        }
        guard scan.model == nil, !isTarget, let name = usualModel, putIn(name) else { return scan }
        return try scanned()
    }

    private func scanned() throws(ScanError) -> BodyScan {
        guard route.takesForm else { return try BodyScanner.scan(body, route: route) }
        let type = head.first(name: "content-type")
        // Pictures to be changed come in either form.
        guard route != .imageEdits || type?.lowercased().hasPrefix("multipart/") == true else {
            return try BodyScanner.scan(body, route: route)
        }
        let found = try FormScanner.scan(body, contentType: type, findsAudio: route == .herdTranscribe)
        form = found.form
        return found.scan
    }

    /// NOMYO Router's clients name what is to be pulled in the query and send no body.
    func takeQueryForBody() {
        guard route == .pull, body.readableBytes == 0, let mark = head.target.firstIndex(of: "?") else { return }
        for parameter in head.target[mark...].dropFirst().split(separator: "&") where parameter.hasPrefix("model=") {
            var text = ByteBuffer(string: "{\"model\":")
            text.writeJSONString(HopHeaders.decoded(String(parameter.dropFirst(6))))
            text.writeStaticString("}")
            if loop.reserve(text.readableBytes) { body = text }
        }
    }

    /// What an engine is asked in the place of the client's target: it may have the route under one name only. Nil to keep that.
    func target(at attempt: Attempt) -> String? {
        guard let engine = attempt.backend else { return nil }
        switch route {
        case .herdTranscribe: return LaneRoute.transcriptions.rawValue
        case .rerankSecond where engine.kind == .llamacpp: return LaneRoute.rerank.rawValue
        default: return nil
        }
    }

    /// The form with another model's name in the place of the one asked for, and for an engine with the name that it gives a file.
    func formParts(_ form: FormScan, model name: String?, isLocal: Bool) -> [ByteBuffer] {
        var changes: [(range: Range<Int>, text: String)] = []
        if let name, let range = scan.modelRange { changes.append((range, name)) }
        if isLocal, let range = form.audioName { changes.append((range, "file")) }
        var parts: [ByteBuffer] = []
        var at = 0
        for change in changes.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            guard let before = body.getSlice(at: body.readerIndex + at, length: change.range.lowerBound - at) else {
                return [body]
            }
            parts += [before, ByteBuffer(string: change.text)]
            at = change.range.upperBound
        }
        guard at > 0, let rest = body.getSlice(at: body.readerIndex + at, length: body.readableBytes - at) else { return [body] }
        return parts + [rest]
    }

    // MARK: The model of a request that names none

    /// ollama-herd's clients ask its helpers without naming a model (herd-compat §1.4, §1.6).
    private var usualModel: String? {
        switch route {
        case .rerank, .rerankShort, .rerankSecond: laneState.model(for: .rerank, ["rerank"], called: ["rerank"])
        case .herdTranscribe:
            laneState.model(for: .transcribe, ["audio", "transcription"], called: ["whisper", "asr", "voxtral"])
        case .herdEmbedImage: "clip-vit-b32"
        default: nil
        }
    }

    /// Puts a model's name into the body; false where there is no place for it.
    private func putIn(_ name: String) -> Bool {
        var text = ByteBuffer()
        let at: Int
        if let form {
            at = form.start
            text.writeBytes(form.delimiter)
            text.writeString("\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n\(name)\r\n")
        } else {
            guard let brace = body.readableBytesView.firstIndex(of: UInt8(ascii: "{")) else { return false }
            at = brace - body.readerIndex + 1
            text.writeStaticString("\"model\":")
            text.writeJSONString(name)
            let rest = body.readableBytesView[(brace + 1)...].first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
            if rest != UInt8(ascii: "}") { text.writeStaticString(",") }
        }
        guard loop.reserve(text.readableBytes), let before = body.getSlice(at: body.readerIndex, length: at),
            let after = body.getSlice(at: body.readerIndex + at, length: body.readableBytes - at)
        else { return false }
        var whole = ByteBufferAllocator().buffer(capacity: body.readableBytes + text.readableBytes)
        for part in [before, text, after] { whole.writeImmutableBuffer(part) }
        body = whole
        return true
    }
}

extension LaneState {
    /// The first model in reach that says it can do `kind`, or whose name says so where its engine tells nothing of its models.
    func model(for kind: InferenceKind, _ capabilities: [String], called words: [String]) -> String? {
        for member in view.members where member.status == .alive || member.status == .suspect {
            guard let models = member.models else { continue }
            let found = models.available.filter { model in
                guard let engine = models.backends.first(where: { $0.id == model.backend && $0.reachable }),
                    engine.kind.serves(kind, version: engine.version)
                else { return false }
                let name = model.name.lowercased()
                return model.capabilities.contains(where: capabilities.contains)
                    || (engine.kind != .ollama && words.contains { name.contains($0) })
            }
            if let first = found.map(\.name).min() { return first }
        }
        return nil
    }
}
