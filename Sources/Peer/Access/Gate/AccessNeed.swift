/// What a request to the client port must show while client keys are in force: one table for all routes, of both lanes.
///
/// Paths that are not in it need `observe` to read and `manage` to change, so that a route that somebody adds is never open by
/// being forgotten.
public enum AccessNeed: Sendable, Hashable {
    /// Nothing: it says no more than that the peer is there, or only asks what a page may send.
    case nothing
    /// Any key that counts: what every client asks to learn which models there are.
    case anyKey
    /// A key with this scope.
    case scope(Scope)

    /// The need of a request.
    ///
    /// - Parameter path: the target without its query.
    public init(method: String, path: Substring) {
        self =
            switch method {
            case "OPTIONS": .nothing
            case "GET", "HEAD": Self.reading(path)
            case "POST": Self.posting(path)
            default: .scope(.manage)
            }
    }

    private static func reading(_ path: Substring) -> AccessNeed {
        switch path {
        // The last one is how peers find each other by `--router-url`; it names no model and no secret.
        case "/", "/health", "/health/ready", "/health/live", "/herd/v1/mesh": .nothing
        // The page itself holds nothing of the fleet, and must be there to ask for a key.
        case "/dashboard", "/dashboard/trends", "/dashboard/models", "/dashboard/apps", "/dashboard/tags",
            "/dashboard/benchmarks",
            "/dashboard/health", "/dashboard/recommendations", "/dashboard/settings", "/dashboard/mesh":
            .nothing
        case "/api/version", "/api/tags", "/api/ps", "/api/status", "/api/image-models", "/v1/models", "/v1/messages": .anyKey
        default:
            if path.hasPrefix("/v1/models/") {
                .anyKey
            } else if path.hasPrefix("/dashboard/assets/") {
                .nothing
            } else if path.hasPrefix("/api/blobs/") {
                .scope(.manage)
            } else {
                .scope(.observe)
            }
        }
    }

    private static func posting(_ path: Substring) -> AccessNeed {
        switch path {
        case "/api/chat", "/api/generate", "/api/embed", "/api/embeddings", "/api/generate-image", "/api/transcribe",
            "/api/embed-image", "/rerank", "/v2/rerank":
            .scope(.infer)
        case "/api/show": .anyKey
        case "/api/stats", "/fleet/explain", "/fleet/sql": .scope(.observe)
        default: path.hasPrefix("/v1/") && !path.hasPrefix("/v1/models") ? .scope(.infer) : .scope(.manage)
        }
    }
}
