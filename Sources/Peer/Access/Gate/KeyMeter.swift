/// How much one key is used at this peer: requests under way, a token bucket of requests a minute, tokens of the day.
struct KeyMeter: Sendable {
    /// Which limit is reached.
    enum Full: Hashable {
        case concurrency
        case rate(retryAfterSeconds: Int)
        case tokens(retryAfterSeconds: Int)
    }

    /// Requests under way.
    private(set) var running = 0
    /// Requests let in since the start.
    private(set) var admitted: UInt64 = 0
    private var tokens = 0
    private var day: Int64 = 0
    /// What is left of the minute's requests when `filledAt`; nil before the first request.
    private var left: (requests: Double, filledAt: Duration)?

    /// Lets a request in, or says which limit keeps it out; then nothing is counted.
    mutating func admit(_ limits: KeyLimits, at time: AccessTime) -> Full? {
        if let most = limits.concurrency, running >= most { return .concurrency }
        if let most = limits.tokensPerDay, tokensToday(at: time) >= most {
            return .tokens(retryAfterSeconds: time.secondsLeftOfDay)
        }
        if let perMinute = limits.requestsPerMinute {
            let most = Double(perMinute)
            var requests = most
            if let left {
                requests = min(most, left.requests + Self.seconds(time.elapsed - left.filledAt) * most / 60)
            }
            // A bucket that has filled up to one request by adding fractions is a hair short of it.
            guard requests >= 1 - 1e-9 else {
                left = (requests, time.elapsed)
                return .rate(retryAfterSeconds: max(1, Int(((1 - requests) * 60 / most).rounded(.up))))
            }
            left = (max(0, requests - 1), time.elapsed)
        } else {
            left = nil
        }
        running += 1
        admitted += 1
        return nil
    }

    /// A request is over.
    mutating func finished() { running = max(0, running - 1) }

    /// Counts tokens of a request that is over.
    mutating func charge(_ count: Int, at time: AccessTime) {
        guard count > 0 else { return }
        let (sum, isTooMuch) = tokensToday(at: time).addingReportingOverflow(count)
        tokens = isTooMuch ? Int.max : sum
        day = time.day
    }

    /// Tokens counted on this day of UTC. A clock that was set begins another day.
    func tokensToday(at time: AccessTime) -> Int { day == time.day ? tokens : 0 }

    private static func seconds(_ duration: Duration) -> Double {
        let parts = duration.components
        return max(0, Double(parts.seconds) + Double(parts.attoseconds) / 1e18)
    }
}
