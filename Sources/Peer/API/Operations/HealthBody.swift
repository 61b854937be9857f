/// The answer of `GET /health`: whether the peer is ready, and if not, which part and why.
struct HealthBody: Encodable {
    let status: String
    let live = true
    let ready: Bool
    let obstacles: [Obstacle]
    let warnings: [String]
    /// Each node's engines, as NOMYO Router tells of its endpoints.
    let endpoints: [String: EndpointHealth]?

    private enum CodingKeys: String, CodingKey { case status, live, ready, obstacles, warnings, endpoints }

    init(obstacles: [Obstacle], warnings: [String], endpoints: [String: EndpointHealth]? = nil) {
        self.endpoints = endpoints
        ready = obstacles.isEmpty
        status = obstacles.isEmpty ? "ok" : "unready"
        self.obstacles = obstacles
        self.warnings = warnings
    }
}
