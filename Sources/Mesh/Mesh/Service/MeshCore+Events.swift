import Gossip
import Logging
import NIOCore

extension MeshCore {
    /// Feeds one event to the rules and does what they say; events that come up meanwhile follow in their order.
    func apply(_ event: HerdEvent) {
        guard phase == .running else { return }
        if !isApplying { noticeResume() }
        queue.append(event)
        drainQueue()
    }

    /// Works off the events that wait.
    func drainQueue() {
        drain()
        flushViewIfDue()
        arm()
    }

    private func drain() {
        guard !isApplying else { return }
        isApplying = true
        defer { isApplying = false }
        while !queue.isEmpty {
            let event = queue.removeFirst()
            let now = clock.boot()
            guard let actions = rules?.handle(event, now: now) else { return }
            perform(actions, now: now)
        }
    }

    /// Sleep and long stops are told before anything else: nothing that was granted before them counts (§3.6, I8).
    func noticeResume() {
        guard let away = resume.check(boot: clock.boot(), monotonic: clock.monotonic()) else { return }
        sealer.leap()
        logger.notice("back after a sleep or a stop", metadata: ["away.ms": "\(away.wholeMilliseconds)"])
        remark("resumed after \(away.wholeMilliseconds) ms")
        suspendedAt = nil
        queue.append(.resumed(after: away))
        reannounce()
    }

    func perform(_ actions: [HerdAction], now: Instant) {
        var mustNotSend = false
        for action in actions {
            switch action {
            case .persist(let row):
                if !store(row, now: now) { mustNotSend = true }
            case .send(let datagram, let endpoint):
                // What follows a row that is not on disk may depend on it: a grant that would be forgotten in a crash.
                guard !mustNotSend else { continue }
                if collectsFarewells, farewells.count < Self.farewellLimit { farewells.append((datagram, endpoint)) }
                if tunnelAnswer == nil || !answer(datagram, to: endpoint) { send(datagram, to: endpoint, now: now) }
            case .tunnel(let datagram, let endpoint):
                if !mustNotSend { tunnel(datagram, to: endpoint, now: now) }
            case .sync(let endpoint):
                beginSync(endpoint)
            case .reidentify:
                return reidentify(now: now)
            case .viewChanged:
                viewDirty = true
            case .remember:
                peersDirty = true
            case .settingsChanged(let entries):
                settingsChanged(entries)
            case .note(let note):
                record(note, now: now)
            }
        }
    }

    func send(_ datagram: Datagram, to endpoint: Endpoint, now: Instant) {
        let isV6 = if case .v6 = endpoint.address { true } else { false }
        guard endpoint.port > 0, !endpoint.address.isUnspecified else { return fail("unaddressed", endpoint, now: now) }
        let socket = sockets.first { socket in
            if case .v6 = socket.local.address { isV6 } else { !isV6 }
        }
        guard let socket else { return fail("no-socket", endpoint, now: now) }
        let bytes = sealer.seal(datagram)
        switch socket.send(bytes, to: endpoint) {
        case .sent:
            counters.sent += 1
            counters.sentBytes += bytes.count
        case .congested:
            fail("congested", endpoint, now: now)
        case .failed(let code):
            fail(ErrnoName.text(code), endpoint, now: now)
        }
    }

    /// Send errors are counted and forgotten: after a wake or a lost cable they pass (§3.7).
    private func fail(_ reason: String, _ endpoint: Endpoint, now: Instant) {
        counters.sendFailures[reason, default: 0] += 1
        guard let skipped = limiter.admit("send-\(reason)", now: now) else { return }
        logger.debug(
            "datagram not sent",
            metadata: ["reason": "\(reason)", "peer.address": "\(AddressText.format(endpoint))", "skipped": "\(skipped)"])
    }

    /// A UDP packet came in. A bad one is counted by reason and dropped.
    func received(_ buffer: ByteBuffer, from endpoint: Endpoint) {
        guard phase == .running else { return }
        counters.received += 1
        counters.receivedBytes += buffer.readableBytes
        guard let datagram = open(Array(buffer.readableBytesView), from: endpoint) else { return }
        apply(.datagram(datagram, from: endpoint))
    }

    /// The datagram in sealed bytes; nil for a bad one, which is counted by reason.
    func open(_ bytes: [UInt8], from endpoint: Endpoint) -> Datagram? {
        do throws(DropFailure) {
            return try opener.open(bytes, now: clock.boot())
        } catch {
            counters.dropped[error.reason.rawValue, default: 0] += 1
            if error.reason == .key { heardUnknownKey(clock.boot()) }
            guard let skipped = limiter.admit("drop-\(error.reason.rawValue)", now: clock.boot()) else { return nil }
            logger.debug(
                "datagram dropped",
                metadata: [
                    "reason": "\(error.reason.rawValue)", "peer.address": "\(AddressText.format(endpoint))",
                    "skipped": "\(skipped)",
                ])
            return nil
        }
    }
}
