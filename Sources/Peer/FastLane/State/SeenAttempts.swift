internal import Gossip

/// Attempts that came to this target within the last ten minutes: a second arrival is refused (mesh protocol §8.3).
///
/// Two generations of sets, so forgetting is cheap; at most `limit` entries each.
struct SeenAttempts {
    static let memory = Duration.seconds(600)
    static let limit = 32_768
    private var current: Set<String> = []
    private var previous: Set<String> = []
    private var turned: Instant?

    /// Notes an attempt; false when it came before.
    mutating func insert(_ request: String, attempt: Int, now: Instant) -> Bool {
        if let since = turned, now - since >= Self.memory || current.count >= Self.limit {
            previous = now - since >= Self.memory + Self.memory ? [] : current
            current = []
            turned = now
        } else if turned == nil {
            turned = now
        }
        let key = "\(request)#\(attempt)"
        return !previous.contains(key) && current.insert(key).inserted
    }
}
