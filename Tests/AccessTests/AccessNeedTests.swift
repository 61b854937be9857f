import Testing

@testable import Access

@Suite struct AccessNeedTests {
    @Test(arguments: [
        ("GET", "/", AccessNeed.nothing), ("HEAD", "/", .nothing), ("GET", "/health", .nothing),
        ("GET", "/health/live", .nothing),
        ("GET", "/herd/v1/mesh", .nothing), ("OPTIONS", "/api/delete", .nothing), ("OPTIONS", "/fleet/status", .nothing),
        ("GET", "/api/tags", .anyKey), ("HEAD", "/api/tags", .anyKey), ("GET", "/v1/models", .anyKey),
        ("GET", "/v1/models/hf.co/a/b", .anyKey), ("POST", "/api/show", .anyKey), ("GET", "/api/version", .anyKey),
        ("POST", "/api/chat", .scope(.infer)), ("POST", "/api/embed", .scope(.infer)),
        ("POST", "/v1/chat/completions", .scope(.infer)), ("POST", "/v1/messages", .scope(.infer)),
        ("POST", "/v1/messages/count_tokens", .scope(.infer)), ("POST", "/v1/responses", .scope(.infer)),
        ("POST", "/v1/rerank", .scope(.infer)), ("POST", "/rerank", .scope(.infer)), ("POST", "/v2/rerank", .scope(.infer)),
        ("GET", "/fleet/status", .scope(.observe)), ("GET", "/metrics", .scope(.observe)),
        ("GET", "/dashboard", .nothing), ("GET", "/dashboard/mesh", .nothing), ("HEAD", "/dashboard/assets/main.js", .nothing),
        ("GET", "/dashboard/events", .scope(.observe)), ("GET", "/dashboard/api/x", .scope(.observe)),
        ("GET", "/dashboard/assets", .scope(.observe)), ("POST", "/dashboard", .scope(.manage)),
        ("GET", "/dashboard/api/traces", .scope(.observe)), ("GET", "/dashboard/api/settings", .scope(.observe)),
        ("GET", "/api/usage-stream", .scope(.observe)), ("POST", "/fleet/explain", .scope(.observe)),
        ("POST", "/api/pull", .scope(.manage)), ("DELETE", "/api/delete", .scope(.manage)),
        ("POST", "/api/create", .scope(.manage)),
        ("POST", "/api/blobs/sha256:0", .scope(.manage)), ("HEAD", "/api/blobs/sha256:0", .scope(.manage)),
        ("POST", "/dashboard/api/settings", .scope(.manage)), ("POST", "/fleet/keys/rotate", .scope(.manage)),
        ("DELETE", "/fleet/pin/m", .scope(.manage)), ("POST", "/v1/models/load", .scope(.manage)),
        ("DELETE", "/v1/models/m", .scope(.manage)), ("PUT", "/v1/chat/completions", .scope(.manage)),
    ])
    func routes(method: String, path: String, need: AccessNeed) {
        #expect(AccessNeed(method: method, path: path[...]) == need, "\(method) \(path)")
    }

    /// What nobody thought of is never open, and never easier to change than to read.
    @Test(arguments: [
        "/health/", "/health/x", "//", "/api//tags", "/%2e", "http://host/", "*", "", "/HEALTH", "/api/tags/", "/fleet", "/x",
    ])
    func pathsThatAreInNoTable(path: String) {
        #expect(AccessNeed(method: "GET", path: path[...]) == .scope(.observe))
        for method in ["POST", "PUT", "PATCH", "DELETE", "get", "TRACE", "CONNECT", "BREW"] {
            #expect(AccessNeed(method: method, path: path[...]) == .scope(.manage))
        }
    }

    @Test(arguments: [
        ("/api/chat", false, RefusalDialect.ollama), ("/fleet/status", false, .ollama), ("/v1/chat/completions", false, .openai),
        ("/rerank", false, .openai), ("/v2/rerank", false, .openai), ("/v1/messages", false, .anthropic),
        ("/v1/messages/count_tokens", false, .anthropic),
        ("/v1/models", true, .anthropic), ("/v1/models", false, .openai),
    ])
    func dialects(path: String, hasVersion: Bool, dialect: RefusalDialect) {
        #expect(RefusalDialect(path: path[...], hasAnthropicVersion: hasVersion) == dialect)
    }

    @Test(
        arguments: [
            ("127.0.0.1", "127.0.0.1", true), ("127.8.9.1", nil, true), ("::1", "::1", true), ("::ffff:127.0.0.1", "::", true),
            ("::ffff:10.0.0.5", "10.0.0.5", true), ("10.0.0.5", "::ffff:10.0.0.5", true), ("10.0.0.5", "10.0.0.5", true),
            ("10.0.0.5", "10.0.0.6", false), ("10.0.0.5", nil, false), (nil, nil, false), ("", "", false),
            ("1127.0.0.1", nil, false),
        ] as [(String?, String?, Bool)])
    func whoIsOnThisMachine(remote: String?, local: String?, isHere: Bool) {
        #expect(LocalCaller.isSameMachine(remote: remote, local: local) == isHere)
    }
}
