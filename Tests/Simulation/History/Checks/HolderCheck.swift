/// Compares the routers: no two may believe at the same time that they hold the same target (I2).
///
/// A holder believes so while it is router and what the target granted is not over; it counts from the sending, so its belief ends
/// before the target's grant does. A grant that the target ended early, on proof that the holder's process is dead, is
/// therefore compared with what the holder itself went on to write.
struct HolderCheck {
    /// A time in which a peer was router.
    struct Reign {
        var line: HistoryLine
        var epoch: UInt64
        var from: Int64
        var to: Int64

        var name: String { "\(line.peer.prefix(8))@\(epoch) (\(line.place))" }
    }

    private struct Belief {
        var reign: Reign
        var grant: TargetCheck.Grant
        var from: Int64
        var to: Int64
    }

    /// The times in which a peer was router, from its own lines in their order.
    static func reigns(_ lines: [HistoryLine], _ clock: CommonClock) -> [Reign] {
        var reigns: [Reign] = []
        var open: Reign?
        var last: HistoryLine?
        for line in lines {
            if let before = last, before.life != line.life { end(&open, at: clock.moment(before), &reigns) }
            last = line
            switch line.kind {
            case .elect:
                end(&open, at: clock.moment(line), &reigns)
                let now = clock.moment(line)
                open = line.epoch.map { Reign(line: line, epoch: $0, from: now, to: now) }
            case .stepDown: end(&open, at: clock.moment(line), &reigns)
            default: break
            }
        }
        // A process that was killed believes nothing after its last line.
        if let last { end(&open, at: clock.moment(last), &reigns) }
        return reigns
    }

    private static func end(_ open: inout Reign?, at moment: Int64, _ reigns: inout [Reign]) {
        guard var reign = open else { return }
        reign.to = moment
        reigns.append(reign)
        open = nil
    }

    /// The findings for one target: `grants` are its own, `reigns` those of every peer.
    static func compare(
        grants: [TargetCheck.Grant], reigns: [String: [Reign]], clock: CommonClock, tolerance: Int64
    ) -> [Finding] {
        var beliefs: [Belief] = []
        for grant in grants {
            guard let router = grant.line.other else { continue }
            for reign in reigns[router] ?? [] where reign.epoch == grant.line.epoch {
                let from = max(reign.from, clock.moment(grant.line))
                let to = min(reign.to, grant.end)
                if from < to { beliefs.append(Belief(reign: reign, grant: grant, from: from, to: to)) }
            }
        }
        beliefs.sort { ($0.from, $0.to) < ($1.from, $1.to) }
        var findings: [Finding] = []
        for (place, belief) in beliefs.enumerated() {
            for other in beliefs[..<place].reversed() where other.reign.line.peer != belief.reign.line.peer {
                let overlap = min(other.to, belief.to) - belief.from
                guard overlap > tolerance else { continue }
                let text =
                    "\(belief.grant.line.peer.prefix(8)) is held by \(belief.reign.name) for \(overlap / 1_000_000) ms "
                    + "while \(other.reign.name) holds it"
                findings.append(Finding(rule: .exclusiveBelief, place: belief.grant.line.place, text: text))
                break
            }
        }
        return findings
    }
}
