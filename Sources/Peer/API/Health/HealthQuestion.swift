/// What a peer asks of another one's health: `POST /herd/v1/health`. An empty object; later versions may put keys into it.
struct HealthQuestion: Codable {}
