import Foundation

/// The body of `POST /fleet/pin`, and of `POST /dashboard/api/pinned-models`.
struct PinRequest: Decodable {
    var model: String
    var node_id: String?
    /// The answer waits until the model is in memory.
    var wait: Bool?
    /// How long, seconds.
    var timeout_s: Double?
    /// Neither the budget nor free memory matter.
    var force: Bool?
    /// False takes the pin away: of the dashboard alone.
    var pinned: Bool?

    static let maximumBytes = 16 << 10

    /// How long the answer may wait: 30 s by default, ten minutes at most.
    var waiting: Duration? {
        guard wait == true else { return nil }
        let seconds = timeout_s ?? 30
        return .seconds(seconds.isFinite ? min(600, max(0, seconds)) : 30)
    }
}
