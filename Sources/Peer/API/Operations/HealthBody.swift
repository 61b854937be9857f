/// The answer of `GET /health`: whether the peer is ready, and if not, which part and why.
struct HealthBody: Encodable {
    let status: String
    let live = true
    let ready: Bool
    let obstacles: [Obstacle]
    let warnings: [String]

    private enum CodingKeys: String, CodingKey { case status, live, ready, obstacles, warnings }

    init(obstacles: [Obstacle], warnings: [String]) {
        ready = obstacles.isEmpty
        status = obstacles.isEmpty ? "ok" : "unready"
        self.obstacles = obstacles
        self.warnings = warnings
    }
}
