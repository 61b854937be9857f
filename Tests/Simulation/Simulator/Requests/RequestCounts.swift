/// What became of the requests of a history.
public struct RequestCounts: Sendable, Hashable {
    /// Clients that turned up.
    public var submitted = 0
    /// Answered in full.
    public var succeeded = 0
    /// Ended in the middle of the answer, because the machine died.
    public var brokenOff = 0
    /// Gone with their entry peer.
    public var lostWithEntry = 0
    /// Sent to another machine.
    public var forwards = 0
    /// Answers that a machine is busy.
    public var busy = 0
    /// Attempts that were repeated because the machine was not reached, or died before the first byte.
    public var retries = 0
    /// Requests that were parked because no machine had room.
    public var parked = 0

    init() {}

    static func += (sum: inout RequestCounts, other: RequestCounts) {
        sum.submitted += other.submitted
        sum.succeeded += other.succeeded
        sum.brokenOff += other.brokenOff
        sum.lostWithEntry += other.lostWithEntry
        sum.forwards += other.forwards
        sum.busy += other.busy
        sum.retries += other.retries
        sum.parked += other.parked
    }
}
