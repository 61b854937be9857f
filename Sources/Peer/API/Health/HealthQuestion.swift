/// What a peer asks of another one's health: `POST /herd/v1/health`.
struct HealthQuestion: Codable {
    /// Traffic since this time instead of what the checks need, seconds since 1970: for `/dashboard/api/context-usage`.
    var since: Double?
}
