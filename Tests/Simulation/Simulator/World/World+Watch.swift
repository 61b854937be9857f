import Gossip

extension World {
    /// Bytes that a peer may send in a second (mesh protocol §4.3): the cap on gossip by construction, and its probes.
    static let byteCap = 22_000
    /// Bytes of election messages per other peer, which the cap does not count: loose, to see an endless exchange. Holders ask ten
    /// times a second at most, each peer may stand, everybody answers everybody, and a slow machine answers what waited at once.
    static let leaseByteCap = 10_000
    /// What was disturbed counts as disturbed for so long: the longest suspicion.
    static let aftermath: Int64 = 12_000_000_000

    /// Where most packets come, nobody stays suspected for longer once the cause is gone: the next probe's answer clears it.
    static let longestSuspicion = Duration.seconds(3)

    /// Something happens to a peer or its links.
    mutating func disturb(_ place: Int) { watch.disturbedAt[place] = now }

    /// The peer has been there, quick and linked to everybody since `time`.
    private func isSound(_ place: Int, since time: Int64) -> Bool {
        guard peers[place].state == .running, !peers[place].stopping, peers[place].perEvent == 0,
            watch.disturbedAt[place] <= time
        else { return false }
        for other in 0..<count where other != place {
            if isCut(place, other) || blockedUDP[place * count + other] > 0 || blockedUDP[other * count + place] > 0 {
                return false
            }
        }
        return true
    }

    /// A reader changed its mind on a member.
    mutating func watchStatus(_ status: MemberStatus, of id: PeerID, at reader: Int) {
        let (place, life) = SimulatedPeer.place(id)
        guard life == peers[place].life, place != reader else { return }
        let pair = reader * count + place
        if let since = watch.suspectSince[pair] {
            watch.suspectSince[pair] = nil
            noteSuspicion(of: place, at: reader, since: since)
        }
        guard isSound(place, since: now - Self.aftermath), isSound(reader, since: now - Self.aftermath) else {
            if status == .suspect { watch.suspectSince[pair] = now }
            return
        }
        switch status {
        case .suspect:
            watch.suspectSince[pair] = now
            outcome.suspicions += 1
            if schedule.isSharp { checker.report(.falseAlarm, "\(reader) suspects \(place), which is there and linked") }
        case .unreachable:
            outcome.falseDeaths += 1
            if schedule.isSharp { checker.report(.falseAlarm, "\(reader) buries \(place), which is there and linked") }
        default: break
        }
    }

    /// A datagram goes out: within a second a peer keeps to the cap.
    mutating func countBytes(_ datagram: Datagram, of place: Int) {
        // Envelope, body, tag; UDP and IPv4 headers.
        let frame = Datagram.maximumBytes - DatagramCodec.itemBudget(beside: datagram.message) + 28
        let bytes = datagram.items.reduce(frame) { $0 + $1.encodedSize }
        if case .lease = datagram.message {
            let sum = watch.add(leaseBytes: bytes, of: place, at: now)
            outcome.mostLeaseBytes = max(outcome.mostLeaseBytes, sum)
            let known = peers.reduce(0) { $0 + $1.life + 1 }
            if sum > Self.leaseByteCap * max(1, known - 1) {
                checker.report(.bytes, "\(place) sends \(sum) bytes for elections within a second")
            }
        } else {
            let sum = watch.add(bytes: bytes, of: place, at: now)
            outcome.mostBytes = max(outcome.mostBytes, sum)
            // In large fleets the first greetings of all come on top.
            if sum > Self.byteCap + (count > 10 ? 300 * count : 0) {
                checker.report(.bytes, "\(place) sends \(sum) bytes within a second")
            }
        }
    }

    /// A suspicion ends: how long the suspect had been there and linked.
    private mutating func noteSuspicion(of place: Int, at reader: Int, since: Int64) {
        guard schedule.isFair, isSound(place, since: now), isSound(reader, since: now) else { return }
        let soundSince = max(since, watch.disturbedAt[place], watch.disturbedAt[reader])
        let lasted = Duration.nanoseconds(now - soundSince)
        outcome.longestSuspicion = max(outcome.longestSuspicion, lasted)
        if lasted > Self.longestSuspicion {
            checker.report(.falseAlarm, "\(reader) suspects \(place), which has been there and linked for \(lasted)")
        }
    }

    /// At the end of the faults: suspicions that did not end, and how many there were where only the network is bad.
    mutating func judgeAlarms() {
        for reader in 0..<count {
            for place in 0..<count {
                guard let since = watch.suspectSince[reader * count + place] else { continue }
                noteSuspicion(of: place, at: reader, since: since)
            }
        }
        guard schedule.isSteady, subject == .herd else { return }
        // Twice an hour and peer in our measurements at worst; 24 are the protocol's own figure for two peers.
        let most = 3 + Int(24 * Double(count) * (schedule.faultTime / .seconds(3_600)))
        if outcome.suspicions > most {
            checker.report(.falseAlarm, "\(outcome.suspicions) suspicions of peers that are there and linked")
        }
        if outcome.falseDeaths > 0 {
            checker.report(.falseAlarm, "\(outcome.falseDeaths) burials of peers that are there and linked")
        }
    }
}
