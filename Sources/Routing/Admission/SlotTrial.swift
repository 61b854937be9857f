import Gossip

/// Learns how many requests an engine runs at once for one model, where nobody says it.
///
/// Now and then a request that would have to wait here is let in beside those that run. If its first bytes come while all of them
/// still stream, and they go on streaming for a while after that, the engine serves so many at once. If its first bytes come only
/// after one of them ended, it waited inside the engine, about as long as it would have waited here.
///
/// Only streams tell anything: of a whole answer nobody sees when the engine began with it.
struct SlotTrial: Sendable {
    /// Those that run must outlast the newcomer's first byte by so much: a loop may read the end of one answer later than the
    /// beginning of the next.
    static let margin: Duration = .milliseconds(250)
    /// So many trials in a row must succeed before a slot counts.
    static let needed = 2
    /// So many requests in a row that waited inside the engine take slots away.
    static let strikeLimit = 2
    /// After a trial that failed; doubled with each further one.
    static let firstPause: Duration = .seconds(30)
    /// The longest of these pauses.
    static let longestPause: Duration = .seconds(3_600)
    /// After a trial that said nothing; doubled likewise.
    static let firstRetry: Duration = .seconds(2)
    /// The longest of those.
    static let longestRetry: Duration = .seconds(60)
    /// A first byte that comes sooner has not waited for anybody.
    static let leastDelay = 0.3
    /// First bytes come this soon after the end of another request, where they waited for it; on top of what they take alone.
    static let handOver = 0.25

    private struct Run: Sendable {
        var request: UInt64
        var startedAt: Instant
        /// Nothing else ran when it started.
        var isAlone: Bool
        var spokeAt: Instant?
        /// Its client reads slowly, so that the engine may be further than this peer sees.
        var isHeld = false
    }

    /// Requests that may run at once as shown so far, at least what was assumed.
    private(set) var slots: Int
    let assumed: Int
    private var runs: [Run] = []
    /// The request beyond the slots, until it is decided what it says.
    private var probe: UInt64?
    /// It spoke then while all others streamed.
    private var confirms: Instant?
    private var successes = 0
    private var strikes = 0
    /// The most that streamed at once when a request came out of the engine's line.
    private var seenAtStrikes = 0
    private var nextAt: Instant?
    private var pause = Self.firstPause
    private var retry = Self.firstRetry
    private var lastEnd: Instant?
    /// What the first byte takes where nothing else runs, seconds; nil while unknown.
    private var aloneSeconds: Double?

    init(assumed: Int) {
        self.assumed = assumed
        slots = assumed
    }

    /// A request beyond the slots would tell something now.
    mutating func isDue(limit: Int, now: Instant) -> Bool {
        settle(now)
        guard slots < limit, probe == nil, runs.count == slots, nextAt.map({ now >= $0 }) ?? true else { return false }
        return runs.allSatisfy { $0.spokeAt != nil && !$0.isHeld }
    }

    /// The request is the one beyond the slots.
    func isProbe(_ request: UInt64) -> Bool { probe == request }

    /// A request runs now.
    mutating func started(_ request: UInt64, isProbe: Bool, now: Instant) {
        runs.append(Run(request: request, startedAt: now, isAlone: runs.isEmpty))
        if isProbe { probe = request }
    }

    /// The first bytes of a streamed answer are here.
    mutating func spoke(_ request: UInt64, now: Instant) {
        settle(now)
        guard let at = runs.firstIndex(where: { $0.request == request }), runs[at].spokeAt == nil else { return }
        runs[at].spokeAt = now
        let seconds = Self.seconds(from: runs[at].startedAt, to: now)
        if runs[at].isAlone { noteAlone(seconds) }
        let streaming = runs.count { $0.spokeAt != nil && !$0.isHeld }
        let waited = waitedInside(runs[at], seconds: seconds, now: now)
        if probe == request {
            if streaming > slots {
                confirms = now
            } else {
                decide(waited ? .failed : .unclear, now)
            }
        } else if streaming >= slots {
            strikes = 0
        } else if waited, slots > assumed {
            strike(streaming, now)
        }
    }

    /// A request's client reads slowly: its end says nothing of the engine.
    mutating func held(_ request: UInt64) {
        guard let at = runs.firstIndex(where: { $0.request == request }) else { return }
        runs[at].isHeld = true
    }

    /// A request ended.
    mutating func ended(_ request: UInt64, now: Instant) {
        settle(now)
        guard let at = runs.firstIndex(where: { $0.request == request }) else { return }
        runs.remove(at: at)
        lastEnd = now
        // One of them did not outlast the first byte for long enough, or it never came.
        if confirms != nil || probe == request { decide(.unclear, now) }
    }

    // MARK: What it says

    private enum Verdict { case succeeded, failed, unclear }

    /// All that streamed when the request beyond the slots began have gone on for long enough.
    private mutating func settle(_ now: Instant) {
        guard let since = confirms, now - since >= Self.margin else { return }
        decide(runs.contains(where: \.isHeld) ? .unclear : .succeeded, now)
    }

    private mutating func decide(_ verdict: Verdict, _ now: Instant) {
        probe = nil
        confirms = nil
        switch verdict {
        case .succeeded:
            successes += 1
            retry = Self.firstRetry
            nextAt = nil
            guard successes >= Self.needed else { return }
            successes = 0
            slots += 1
            strikes = 0
            pause = Self.firstPause
        case .failed:
            successes = 0
            nextAt = now + pause
            pause = min(Self.longestPause, pause + pause)
        case .unclear:
            nextAt = now + retry
            retry = min(Self.longestRetry, retry + retry)
        }
    }

    /// It waited in the engine's own line: its first byte took long, and came right after the end of another request.
    private func waitedInside(_ run: Run, seconds: Double, now: Instant) -> Bool {
        guard !run.isAlone, let lastEnd, lastEnd >= run.startedAt else { return false }
        let alone = aloneSeconds ?? 1
        return seconds >= max(Self.leastDelay, 3 * alone)
            && Self.seconds(from: lastEnd, to: now) <= 1.5 * alone + Self.handOver
    }

    private mutating func strike(_ streaming: Int, _ now: Instant) {
        seenAtStrikes = strikes == 0 ? streaming : max(seenAtStrikes, streaming)
        strikes += 1
        guard strikes >= Self.strikeLimit else { return }
        strikes = 0
        slots = max(assumed, min(slots - 1, seenAtStrikes))
        decide(.failed, now)
    }

    /// Falls fast and rises slowly: the first one may have waited for the model to load.
    private mutating func noteAlone(_ seconds: Double) {
        guard let before = aloneSeconds else { return aloneSeconds = seconds }
        aloneSeconds = before + (seconds < before ? 0.5 : 0.1) * (seconds - before)
    }

    private static func seconds(from: Instant, to: Instant) -> Double { Double(max(0, (to - from).wholeNanoseconds)) / 1e9 }
}
