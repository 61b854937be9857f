import NIOHTTP1

/// Which paths there are, with which methods.
enum RouteTable {
    typealias Handler = @Sendable (Exchange) throws(DemoFailure) -> Void

    private struct Route: Sendable {
        var method: HTTPMethod
        var handler: Handler
    }

    /// The handler of a request; nil = 404 or 405.
    static func handler(_ method: HTTPMethod, _ path: String, isLoopback: Bool) -> Handler? {
        if isLoopback, let handler = demo[path]?.first(where: { $0.method == method }) { return handler.handler }
        return routes(path)?.first { $0.method == method }?.handler
    }

    /// The methods of a path for the `Allow` header; nil = there is no such path.
    static func allow(_ path: String) -> String? {
        routes(path).map { $0.map(\.method.rawValue).joined(separator: ", ") }
    }

    private static func routes(_ path: String) -> [Route]? {
        if let routes = table[path] { return routes }
        if single("/api/blobs/", path) != nil { return blobs }
        if single("/v1/models/", path) != nil { return model }
        return nil
    }

    /// The one segment after a prefix.
    static func single(_ prefix: String, _ path: String) -> String? {
        guard path.hasPrefix(prefix) else { return nil }
        let rest = path.dropFirst(prefix.count)
        return rest.isEmpty || rest.contains("/") ? nil : String(rest)
    }

    private static func readable(_ handler: @escaping Handler) -> [Route] {
        [Route(method: .HEAD, handler: handler), Route(method: .GET, handler: handler)]
    }

    private static func get(_ handler: @escaping Handler) -> [Route] { [Route(method: .GET, handler: handler)] }

    private static func post(_ handler: @escaping Handler) -> [Route] { [Route(method: .POST, handler: handler)] }

    private static let blobs = [
        Route(method: .HEAD) { exchange throws(DemoFailure) in exchange.headBlob() },
        Route(method: .POST) { exchange throws(DemoFailure) in try exchange.postBlob() },
    ]

    private static let model = get { exchange throws(DemoFailure) in try exchange.openAIModel() }

    private static let demo: [String: [Route]] = [
        "/demo/control": [
            Route(method: .GET) { exchange throws(DemoFailure) in exchange.showControl() },
            Route(method: .POST) { exchange throws(DemoFailure) in try exchange.setControl() },
        ],
        "/demo/log": [
            Route(method: .GET) { exchange throws(DemoFailure) in exchange.showLog() },
            Route(method: .DELETE) { exchange throws(DemoFailure) in exchange.clearLog() },
        ],
    ]

    private static let table: [String: [Route]] = [
        "/": readable { exchange throws(DemoFailure) in
            exchange.send(.ok, type: "text/plain; charset=utf-8", text: "Ollama is running")
        },
        "/api/version": readable { exchange throws(DemoFailure) in exchange.version() },
        "/api/status": get { exchange throws(DemoFailure) in exchange.cloudStatus() },
        "/api/tags": readable { exchange throws(DemoFailure) in exchange.tags() },
        "/api/ps": get { exchange throws(DemoFailure) in exchange.loadedModels() },
        "/api/show": post { exchange throws(DemoFailure) in try exchange.show() },
        "/api/chat": post { exchange throws(DemoFailure) in try exchange.chat() },
        "/api/generate": post { exchange throws(DemoFailure) in try exchange.generate() },
        "/api/embed": post { exchange throws(DemoFailure) in try exchange.embed() },
        "/api/embeddings": post { exchange throws(DemoFailure) in try exchange.oldEmbeddings() },
        "/api/copy": post { exchange throws(DemoFailure) in try exchange.copyModel() },
        "/api/delete": [Route(method: .DELETE) { exchange throws(DemoFailure) in try exchange.deleteModel() }],
        "/api/pull": post { exchange throws(DemoFailure) in try exchange.pull() },
        "/api/push": post { exchange throws(DemoFailure) in try exchange.push() },
        "/api/create": post { exchange throws(DemoFailure) in try exchange.create() },
        "/v1/chat/completions": post { exchange throws(DemoFailure) in try exchange.openAIChat() },
        "/v1/completions": post { exchange throws(DemoFailure) in try exchange.openAICompletion() },
        "/v1/embeddings": post { exchange throws(DemoFailure) in try exchange.openAIEmbeddings() },
        "/v1/models": get { exchange throws(DemoFailure) in exchange.openAIModels() },
        "/v1/responses": post { exchange throws(DemoFailure) in try exchange.responses() },
        "/v1/messages": post { exchange throws(DemoFailure) in try exchange.messages() },
        "/v1/audio/transcriptions": post { exchange throws(DemoFailure) in try exchange.transcriptions() },
    ]
}
