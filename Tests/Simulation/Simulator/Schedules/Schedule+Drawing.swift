import Gossip

extension Schedule {
    mutating func drawNetwork(_ generator: inout SeededGenerator) {
        network.lossPerMille = [0, 0, 20, 50, 200, 400].randomElement(using: &generator) ?? 0
        network.corruptPerMille = [0, 0, 0, 10, 50].randomElement(using: &generator) ?? 0
        network.duplicatePerMille = [0, 0, 50, 200].randomElement(using: &generator) ?? 0
        network.tailPerMille = [0, 0, 10, 50, 200].randomElement(using: &generator) ?? 0
        network.tailMicroseconds = [50_000, 200_000, 2_000_000].randomElement(using: &generator) ?? 50_000
        network.delayMicroseconds = [500, 1_000, 5_000, 40_000].randomElement(using: &generator) ?? 1_000
    }

    mutating func drawFaults(of kinds: [Fault.Kind], _ generator: inout SeededGenerator) {
        guard !kinds.isEmpty else { return }
        let gap = Duration.milliseconds(Int64.random(in: 600...6_000, using: &generator))
        var at = Duration.seconds(4)
        while at < faultTime - .seconds(1) {
            let kind = kinds.randomElement(using: &generator) ?? .crash
            faults.append((Self.rounded(at), draw(kind, &generator)))
            at += gap / 4 + generator.duration(below: gap * 3 / 2)
        }
    }

    /// A split that lasts to the end of the faults, so that its sides meet when nothing else disturbs them any more.
    mutating func drawLastSplit(_ generator: inout SeededGenerator) {
        guard peers > 2, Int.random(in: 0..<4, using: &generator) == 0 else { return }
        let length = Self.rounded(.seconds(7) + generator.duration(below: .seconds(13)))
        guard length < faultTime - .seconds(5) else { return }
        var side: Set<Int> = []
        for _ in 0..<Int.random(in: 1...max(1, (peers - 1) / 2), using: &generator) {
            side.insert(Int.random(in: 0..<peers, using: &generator))
        }
        let quiet = Bool.random(using: &generator)
        if quiet { faults.removeAll { $0.at > faultTime - length } }
        faults.append((faultTime - length, .partition(side: side, lasts: length)))
        faults.sort { $0.at < $1.at }
    }

    private func draw(_ kind: Fault.Kind, _ generator: inout SeededGenerator) -> Fault {
        let peer = Int.random(in: 0..<peers, using: &generator)
        let other = (peer + Int.random(in: 1..<max(2, peers), using: &generator)) % peers
        // Short and long ones: around the lease, and around detection.
        let long = Bool.random(using: &generator)
        let lasts = Duration.milliseconds(Int64.random(in: long ? 2_000...12_000 : 100...3_000, using: &generator))
        let back = Int.random(in: 0..<6, using: &generator) == 0 ? nil : lasts
        switch kind {
        case .partition: return .partition(side: Set((0..<peers).filter { _ in Bool.random(using: &generator) }), lasts: lasts)
        case .isolation: return .partition(side: [peer], lasts: lasts)
        case .cut: return .cut(peer, other, lasts: lasts)
        case .oneWay: return .oneWay(from: peer, to: other, lasts: lasts)
        case .blockUDP: return .blockUDP(peer, other, lasts: lasts * 2)
        case .flap:
            let period = Duration.milliseconds(Int64.random(in: 200...2_000, using: &generator))
            return .flap(peer, other, times: Int.random(in: 2...8, using: &generator), period: period)
        case .lossSpell: return .lossSpell(perMille: Int.random(in: 200...900, using: &generator), lasts: lasts / 2)
        case .crash: return .crash(peer, restartAfter: back, midway: nil, hostLives: Bool.random(using: &generator))
        case .crashMidway:
            return .crash(peer, restartAfter: back, midway: Int.random(in: 0...4, using: &generator), hostLives: false)
        case .crashAtWrite: return .crashAtWrite(peer, restartAfter: lasts, lost: Bool.random(using: &generator))
        case .storm:
            let gap = Duration.milliseconds(Int64.random(in: 50...1_500, using: &generator))
            return .storm(peer, times: Int.random(in: 2...6, using: &generator), gap: gap)
        case .loseDisk: return .loseDisk(peer, restartAfter: lasts)
        case .stop: return .stop(peer, restartAfter: back)
        case .upgrade: return .upgrade(peer, restartAfter: lasts)
        case .readOnly: return .readOnly(peer, lasts: lasts)
        default: return drawLocal(kind, peer, lasts, &generator)
        }
    }

    /// Faults of one machine that keeps its process, and what its operator does.
    private func drawLocal(_ kind: Fault.Kind, _ peer: Int, _ lasts: Duration, _ generator: inout SeededGenerator) -> Fault {
        switch kind {
        case .pause: return .pause(peer, lasts: lasts, noticed: Bool.random(using: &generator))
        case .freeze: return .freeze(peer, lasts: lasts)
        case .sleep: return .sleep(peer, lasts: lasts, announced: Bool.random(using: &generator))
        case .slow:
            let perEvent = Duration.microseconds(Int64.random(in: 500...20_000, using: &generator))
            return .slow(peer, lasts: lasts, perEvent: perEvent)
        case .drain: return .drain(peer, lasts: lasts)
        case .writeSetting:
            return .writeSetting(
                peer, key: Int.random(in: 0..<6, using: &generator), value: Int.random(in: 0...20, using: &generator))
        case .wallJump: return .wallJump(peer, years: Bool.random(using: &generator) ? 10 : -10)
        default:
            var candidacy = candidacies[peer]
            candidacy.steady.toggle()
            candidacy.priority = max(candidacy.priority, [30, 50, 70, 100].randomElement(using: &generator) ?? 50)
            return .candidacy(peer, candidacy)
        }
    }
}
