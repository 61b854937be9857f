/// What a response body is, by its content type: it decides where the terminal marker is looked for.
enum ContentKind: Equatable {
    /// One JSON object per line, `done:true` in the last (Ollama).
    case ndjson
    /// Server-sent events; which one is the last depends on the route.
    case sse
    /// Anything else is whole when its framing says so.
    case whole
}
