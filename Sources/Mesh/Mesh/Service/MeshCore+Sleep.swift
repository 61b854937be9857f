import Gossip
import Logging
import NIOCore

extension MeshCore {
    /// A sleep that was announced and has not come after this long was called off.
    static let sleepPatience: Duration = .seconds(30)

    /// The machine is about to sleep (mesh protocol §3.4): the others are told, like at the end, and the end of the future means
    /// that it is out.
    func suspend() -> EventLoopFuture<Void> {
        guard phase == .running, !isStopping else { return loop.makeSucceededVoidFuture() }
        noticeResume()
        drainQueue()
        suspendedAt = clock.boot()
        sayFarewell(.suspending)
        remark("the machine goes to sleep")
        logger.notice("the machine goes to sleep: the others have been told")
        let done = loop.makePromise(of: Void.self)
        loop.assumeIsolated().scheduleTask(in: Self.farewellTime) { done.succeed() }
        return done.futureResult
    }

    /// The machine is awake again, or did not sleep after all. Does nothing when that was noticed by the clocks.
    func awake() {
        guard phase == .running, !isStopping else { return }
        noticeResume()
        if let since = suspendedAt {
            suspendedAt = nil
            queue.append(.resumed(after: clock.boot() - since))
            reannounce()
        }
        drainQueue()
    }

    func noticeCalledOffSleep(now: Instant) {
        if let since = suspendedAt, now - since > Self.sleepPatience { awake() }
    }

    /// Applies an event that says goodbye. What it sends goes out again after 20 and 40 ms, because one lost packet would cost the
    /// others a lease's length; each datagram carries what makes a repeated one harmless.
    func sayFarewell(_ event: HerdEvent) {
        farewells = []
        collectsFarewells = true
        queue.append(event)
        drainQueue()
        // At the end the answers to answers are repeated, too.
        collectsFarewells = isStopping
        loop.assumeIsolated().scheduleTask(in: .milliseconds(20)) { self.repeatFarewells() }
        loop.assumeIsolated().scheduleTask(in: .milliseconds(40)) { self.repeatFarewells() }
    }

    private func repeatFarewells() {
        guard phase == .running, isStopping || suspendedAt != nil else { return }
        let now = clock.boot()
        for (datagram, endpoint) in farewells { send(datagram, to: endpoint, now: now) }
    }
}
