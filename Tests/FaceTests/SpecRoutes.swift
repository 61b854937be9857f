/// Every route of the recorded Ollama, of OpenAI's and Anthropic's faces, of ollama-herd, and of NOMYO Router (api-contracts §1,
/// §2, §5; herd-compat §1; nomyo-compat §5), but for streams without an end.
enum SpecRoutes {
    /// Method, path, and a good body where it takes one.
    static let all: [(method: String, path: String, body: String?)] =
        [
            // Ollama.
            ("GET", "/", nil), ("HEAD", "/", nil), ("GET", "/api/version", nil), ("HEAD", "/api/version", nil),
            ("GET", "/api/status", nil), ("GET", "/api/tags", nil), ("HEAD", "/api/tags", nil), ("GET", "/api/ps", nil),
            ("POST", "/api/show", #"{"model":"tiny"}"#), ("POST", "/api/chat", #"{"model":"tiny","messages":[]}"#),
            ("POST", "/api/generate", #"{"model":"tiny"}"#), ("POST", "/api/embed", #"{"model":"tiny","input":"x"}"#),
            ("POST", "/api/embeddings", #"{"model":"tiny","prompt":"x"}"#), ("POST", "/api/pull", #"{"model":"tiny"}"#),
            ("POST", "/api/push", #"{"model":"tiny"}"#), ("POST", "/api/create", #"{"model":"new","from":"tiny"}"#),
            ("POST", "/api/copy", #"{"source":"tiny","destination":"new"}"#), ("DELETE", "/api/delete", #"{"model":"tiny"}"#),
            ("HEAD", "/api/blobs/sha256:\(zeros)", nil), ("POST", "/api/blobs/sha256:\(zeros)", "x"), ("POST", "/api/me", "{}"),
            ("POST", "/api/signout", "{}"), ("DELETE", "/api/user/keys/abc", nil),
            ("POST", "/api/experimental/web_search", "{}"), ("POST", "/api/experimental/web_fetch", "{}"),
            ("GET", "/api/experimental/model-recommendations", nil),
            // OpenAI and its kin.
            ("POST", "/v1/chat/completions", #"{"model":"tiny","messages":[]}"#),
            ("POST", "/v1/completions", #"{"model":"tiny"}"#),
            ("POST", "/v1/embeddings", #"{"model":"tiny","input":"x"}"#), ("GET", "/v1/models", nil), ("HEAD", "/v1/models", nil),
            ("GET", "/v1/models/tiny", nil), ("GET", "/v1/models/hf.co/a/tiny", nil),
            ("POST", "/v1/responses", #"{"model":"tiny","input":"x"}"#),
            ("POST", "/v1/images/generations", #"{"model":"tiny","prompt":"x"}"#),
            ("POST", "/v1/images/edits", #"{"model":"tiny","prompt":"x"}"#), ("POST", "/v1/audio/transcriptions", "form"),
            ("POST", "/v1/audio/translations", "form"), ("POST", "/v1/audio/speech", #"{"model":"tiny","input":"x"}"#),
            ("POST", "/v1/rerank", #"{"model":"tiny","query":"x","documents":["y"]}"#),
            ("POST", "/rerank", #"{"model":"tiny","query":"x","documents":["y"]}"#),
            ("POST", "/v2/rerank", #"{"model":"tiny","query":"x","documents":["y"]}"#),
            ("POST", "/v1/systemone", #"{"model":"tiny"}"#),
            // Anthropic.
            ("POST", "/v1/messages", #"{"model":"tiny","max_tokens":1,"messages":[]}"#), ("GET", "/v1/messages", nil),
            ("POST", "/v1/messages/count_tokens", #"{"model":"tiny","messages":[{"role":"user","content":"x"}]}"#),
            // ollama-herd's media.
            ("GET", "/api/image-models", nil), ("POST", "/api/generate-image", #"{"model":"tiny","prompt":"x"}"#),
            ("POST", "/api/transcribe", "form"), ("POST", "/api/embed-image", #"{"model":"tiny","images":["AA=="]}"#),
            // NOMYO Router.
            ("GET", "/api/ps_details", nil), ("GET", "/api/usage", nil), ("GET", "/api/config", nil),
            ("GET", "/api/token_counts", nil), ("POST", "/api/stats", #"{"model":"tiny"}"#),
            ("POST", "/api/aggregate_time_series_days", "{}"), ("GET", "/api/cache/stats", nil),
            ("POST", "/api/cache/invalidate", "{}"), ("GET", "/health", nil), ("GET", "/metrics", nil),
            // Queues and draining.
            ("GET", "/fleet/status", nil), ("GET", "/fleet/queue", nil), ("GET", "/fleet/limits", nil),
            ("GET", "/fleet/drain", nil),
            ("POST", "/fleet/drain", "{}"), ("POST", "/fleet/undrain", "{}"),
            ("POST", "/heartbeat", #"{"node_id":"x","draining":true}"#),
            // ollama-herd's fleet and dashboard.
            ("POST", "/fleet/pin", #"{"model":"tiny"}"#), ("DELETE", "/fleet/pin/tiny", nil), ("GET", "/fleet/mesh", nil),
            ("POST", "/fleet/explain", #"{"model":"tiny"}"#), ("GET", "/fleet/traces/abc", nil),
            ("POST", "/fleet/sql", #"{"sql":"SELECT 1"}"#), ("GET", "/dashboard", nil),
            ("GET", "/dashboard/trends", nil), ("GET", "/dashboard/models", nil), ("GET", "/dashboard/apps", nil),
            ("GET", "/dashboard/benchmarks", nil), ("GET", "/dashboard/health", nil), ("GET", "/dashboard/recommendations", nil),
            ("GET", "/dashboard/settings", nil), ("GET", "/dashboard/mesh", nil), ("POST", "/dashboard/api/pull", "{}"),
            ("POST", "/dashboard/api/delete", "{}"), ("POST", "/dashboard/api/settings", "{}"),
            ("POST", "/dashboard/api/pinned-models", "{}"), ("POST", "/dashboard/api/benchmarks", "{}"),
            ("POST", "/dashboard/api/benchmarks/start", "{}"), ("POST", "/dashboard/api/benchmarks/cancel", "{}"),
            ("GET", "/dashboard/api/benchmarks/bench-1", nil),
        ] + statistics.map { ("GET", "/dashboard/api/" + $0, nil) }

    /// Pages of figures.
    private static let statistics = [
        "trends", "models", "overview", "usage", "traces", "tags", "apps", "tags/daily", "apps/daily", "health", "context-usage",
        "recommendations", "settings", "image-stats", "transcription-stats", "model-management", "pinned-models", "benchmarks",
        "benchmarks/progress", "briefing", "briefing/history",
    ]

    private static let zeros = String(repeating: "0", count: 64)

    /// Routes that read a JSON body.
    static let withBody = all.filter { $0.body?.hasPrefix("{\"") == true }.map { ($0.method, $0.path) }

    /// What is sent as a form.
    static let form = "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\ntiny\r\n--b--\r\n"
}
