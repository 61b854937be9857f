import Logging

/// Examines mDNS on this machine, for `herd-peer doctor`.
public enum DiscoveryDoctor {
    /// One thing that was examined.
    public struct Finding: Sendable, Equatable {
        /// How bad it is.
        public enum Level: String, Sendable { case ok, warning, problem }
        /// How bad it is.
        public let level: Level
        /// What was found, in one line.
        public let title: String
        /// What to do; empty when there is nothing to do.
        public let advice: String

        /// Makes a finding.
        public init(level: Level, title: String, advice: String = "") {
            self.level = level
            self.title = title
            self.advice = advice
        }
    }

    /// Connects, announces a test service, browses for peers, and reports within `limit` (3 s unless told),
    /// whatever Avahi does. A running peer on this machine is counted among the peers seen.
    public static func examine(limit: Duration = .milliseconds(2800)) async -> [Finding] {
        let bus = SystemBus.current
        guard let thread = AvahiThread() else {
            return [
                Finding(
                    level: .problem, title: "The system has no thread or file descriptor left for Avahi.",
                    advice: "Raise the limit of open files.")
            ]
        }
        let board = SessionBoard(continuation: nil)
        let number = UInt64.random(in: .min ... .max)
        let id = String(repeating: "0", count: 16) + String(number, radix: 16)
        let probe = Announcement(
            hostName: "herd-doctor", shortID: String(id.suffix(16)), fleetTag: "00000000", meshPort: 9, protocolVersion: 1)
        let plan = AvahiSession.Plan(announcement: probe, announcedType: ServiceType.doctor, asksVersion: true)
        let quiet = Logger(label: "doctor", factory: { _ in SwiftLogNoOpLogHandler() })
        let session = AvahiSession(thread: thread, plan: plan, board: board, log: quiet)
        let watch = Task { await session.start() }
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end, !Task.isCancelled {
            let facts = board.facts
            if facts.announced, facts.browsed { break }
            if facts.state == .noBus { break }
            try? await Task.sleep(for: .milliseconds(50))
        }
        let facts = board.facts
        watch.cancel()
        board.close()
        Task { await session.close() }
        return findings(facts, bus: bus)
    }

    /// What the facts mean; apart from `examine` so that every case can be tested.
    static func findings(_ facts: SessionBoard.Facts, bus: SystemBus) -> [Finding] {
        var list: [Finding] = []
        if case .noBus = facts.state {
            return [noBus(bus)]
        }
        list.append(Finding(level: .ok, title: "The D-Bus system bus answers at \(bus.path ?? bus.address)."))
        switch facts.state {
        case .noDaemon:
            list.append(
                Finding(
                    level: .problem, title: "avahi-daemon does not answer on the system bus.",
                    advice: "Install it (apt install avahi-daemon) and start it (systemctl enable --now avahi-daemon), "
                        + "or name another peer with --router-url."))
            return list
        case .connecting, .off:
            let reason = facts.lastError.map { " Avahi says: \($0)." } ?? ""
            list.append(
                Finding(
                    level: .problem, title: "avahi-daemon did not become ready in time.\(reason)",
                    advice: "Look at `journalctl -u avahi-daemon`; restart it if it hangs (systemctl restart avahi-daemon)."))
            return list
        case .noBus, .running:
            list.append(Finding(level: .ok, title: "avahi-daemon runs\(facts.version.map { " (\($0))" } ?? "")."))
        }
        list.append(announcing(facts))
        list.append(browsing(facts))
        return list
    }

    private static func noBus(_ bus: SystemBus) -> Finding {
        let title =
            bus.socketExists == false
            ? "There is no D-Bus system bus: \(bus.path ?? bus.address) does not exist."
            : "The D-Bus system bus at \(bus.path ?? bus.address) does not answer."
        return Finding(
            level: .problem, title: title,
            advice: "Start dbus and avahi-daemon. In a container, mount /run/dbus and /run/avahi-daemon of the host and use its "
                + "network, or start with --no-mdns and name another peer with --router-url.")
    }

    private static func announcing(_ facts: SessionBoard.Facts) -> Finding {
        if facts.announced {
            return Finding(level: .ok, title: "Announcing works: a test service was accepted by the network.")
        }
        let reason = facts.lastError.map { " Avahi says: \($0)." } ?? ""
        return Finding(
            level: .warning, title: "A test service was not accepted in time.\(reason)",
            advice: "Check disable-publishing, disable-user-service-publishing and allow-interfaces in "
                + "/etc/avahi/avahi-daemon.conf.")
    }

    private static func browsing(_ facts: SessionBoard.Facts) -> Finding {
        switch (facts.browsed, facts.peers) {
        case (_, 1...):
            Finding(level: .ok, title: "Browsing works: \(facts.peers) peer\(facts.peers == 1 ? " is" : "s are") announced.")
        case (true, _):
            Finding(
                level: .warning, title: "Browsing works, and no peer is announced on this network.",
                advice: "Normal for the first machine. Otherwise: allow UDP 5353 in the firewall, switch off client isolation on "
                    + "the Wi-Fi, or name another peer with --router-url where multicast does not pass.")
        default:
            Finding(
                level: .warning, title: "Browsing had not ended when the time was up.",
                advice: "Run the doctor again; on a slow machine Avahi needs a few seconds after its start.")
        }
    }
}
