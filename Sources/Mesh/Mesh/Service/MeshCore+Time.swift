import Discovery
import Gossip
import Logging
import NIOCore

extension MeshCore {
    /// Arms the one timer for whatever is due first. It runs on the monotonic clock and only wakes; what is due is asked of the
    /// boot clock (mesh protocol §7.4).
    func arm() {
        guard phase == .running else { return }
        var due = min(tickDue, rules?.nextWake ?? .distantFuture, seeds.nextWake)
        if viewDirty { due = min(due, viewDue) }
        if timer != nil, timerDue <= due { return }
        timer?.cancel()
        timerDue = due
        let wait = max(.milliseconds(1), due - clock.boot())
        timer = loop.assumeIsolated().scheduleTask(in: TimeAmount(wait)) { [weak self] in self?.woke() }
    }

    private func woke() {
        timer = nil
        timerDue = .distantFuture
        guard phase == .running else { return }
        let now = clock.boot()
        if tickDue <= now { tickNow(now) }
        if let wake = rules?.nextWake, wake <= now { apply(.wake) }
        if seeds.nextWake <= now { run(seeds.handle(.wake, now: now)) }
        flushViewIfDue()
        arm()
    }

    private func tickNow(_ now: Instant) {
        noticeResume()
        drainQueue()
        tickDue = now + Self.tick
        resume.ticked(next: tickDue)
        retryStorage(now: now)
        savePeersIfDue(now: now)
        tickKeys(now)
        reannounceIfDue(now: now)
        noticeCalledOffSleep(now: now)
        noticeNewAddress(now: now)
    }

    /// This machine has another address: the others are told, and mDNS announces again (mesh protocol §6.1).
    private func noticeNewAddress(now: Instant) {
        guard let before = addressWatch?.current, let address = addressWatch?.check(now: now) else { return }
        logger.notice(
            "this machine's address has changed",
            metadata: ["address": "\(AddressText.format(address))", "address.before": "\(AddressText.format(before))"])
        remark("own address is \(AddressText.format(address)), was \(AddressText.format(before))")
        apply(.ownEndpoint(Endpoint(address, port: meshPort)))
        link?.renew()
        discovery?.reannounce()
    }
}
