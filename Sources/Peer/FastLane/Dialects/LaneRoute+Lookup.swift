extension LaneRoute {
    /// The route of a request target, its query ignored; nil for all others.
    ///
    /// By length first: of most requests nothing but that is looked at twice. Allocates nothing.
    init?(target: String) {
        var target = target
        guard let route = target.withUTF8({ Self.find($0) }) else { return nil }
        self = route
    }

    private static func find(_ target: UnsafeBufferPointer<UInt8>) -> LaneRoute? {
        var count = 0
        while count < target.count, target[count] != UInt8(ascii: "?") { count += 1 }
        func itIs(_ path: StaticString, _ route: LaneRoute) -> LaneRoute? {
            guard path.utf8CodeUnitCount == count else { return nil }
            for at in 0..<count where target[at] != path.utf8Start[at] { return nil }
            return route
        }
        switch count {
        case 7: return itIs("/rerank", .rerankShort)
        case 9: return itIs("/api/chat", .chat) ?? itIs("/api/pull", .pull) ?? itIs("/api/push", .push)
        case 10: return itIs("/api/embed", .embed) ?? itIs("/v1/rerank", .rerank) ?? itIs("/v2/rerank", .rerankSecond)
        case 11: return itIs("/api/create", .create)
        case 12: return itIs("/v1/messages", .messages)
        case 13: return itIs("/api/generate", .generate) ?? itIs("/v1/responses", .responses) ?? itIs("/v1/systemone", .decide)
        case 14: return itIs("/v1/embeddings", .openaiEmbeddings)
        case 15:
            return itIs("/api/embeddings", .embeddings)
                ?? itIs("/v1/completions", .openaiCompletions)
                ?? itIs("/api/transcribe", .herdTranscribe)
        case 16:
            return itIs("/v1/images/edits", .imageEdits)
                ?? itIs("/v1/audio/speech", .speech)
                ?? itIs("/api/embed-image", .herdEmbedImage)
        case 19: return itIs("/api/generate-image", .herdImage)
        case 20: return itIs("/v1/chat/completions", .openaiChat)
        case 22: return itIs("/v1/images/generations", .images) ?? itIs("/v1/audio/translations", .translations)
        case 24: return itIs("/v1/audio/transcriptions", .transcriptions)
        case 25: return itIs("/v1/messages/count_tokens", .countTokens)
        default: return nil
        }
    }
}
