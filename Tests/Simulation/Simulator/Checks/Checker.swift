public import Gossip

/// The history checker: it is told what peers do and says what must not have happened. Peers are numbered.
public struct Checker: Sendable {
    /// What it found; at most twenty.
    public private(set) var violations: [Violation] = []

    private struct Grant {
        var router: PeerID
        var epoch: UInt64
        var until: Instant
    }

    private var open: [Grant?]
    private var lastGranted: [UInt64]
    private var lastAdmitted: [(epoch: UInt64, router: PeerID)?]
    private var durable: [UInt64]
    /// The true time of what it is told next, nanoseconds since the start.
    public var time: Int64 = 0

    /// The word by which a grant may end before its time, if the event that is handled is one.
    public var word: Word?

    /// A checker of a history of `peers` peers.
    public init(peers: Int) {
        open = Array(repeating: nil, count: peers)
        lastGranted = Array(repeating: 0, count: peers)
        lastAdmitted = Array(repeating: nil, count: peers)
        durable = Array(repeating: 0, count: peers)
    }

    /// Records a violation.
    public mutating func report(_ rule: Violation.Rule, _ text: String) {
        guard violations.count < 20 else { return }
        violations.append(Violation(rule: rule, at: .nanoseconds(time), text: text))
    }

    /// A peer wrote an entry of its lease history; `now` is its own clock.
    public mutating func note(_ note: LeaseNote, by peer: Int, now: Instant) {
        switch note {
        case .granted(let router, let epoch, let until):
            if let old = open[peer], now < old.until {
                report(.exclusiveTarget, "\(peer) grants \(router)@\(epoch) while it obeys \(old.router)@\(old.epoch)")
            }
            if epoch <= lastGranted[peer] {
                report(.fence, "\(peer) grants \(router)@\(epoch) after an epoch \(lastGranted[peer])")
            }
            if epoch > durable[peer] {
                report(.durable, "\(peer) grants \(router)@\(epoch), but only \(durable[peer]) is on disk")
            }
            lastGranted[peer] = max(lastGranted[peer], epoch)
            open[peer] = Grant(router: router, epoch: epoch, until: until)
        case .renewed(let router, let epoch, let until):
            guard let old = open[peer], old.router == router, old.epoch == epoch, now < old.until else {
                report(.exclusiveTarget, "\(peer) renews \(router)@\(epoch), which it does not obey")
                return
            }
            open[peer]?.until = max(until, old.until)
        case .ended(let router, let epoch):
            if let word, let old = open[peer], word.router == router.short, word.epoch < epoch, now < old.until {
                report(.exclusiveTarget, "\(peer) frees itself of \(router)@\(epoch) by a release of \(word.epoch)")
            }
            if let old = open[peer], old.router == router, old.epoch == epoch {
                open[peer] = nil
            } else {
                report(.exclusiveTarget, "\(peer) ends \(router)@\(epoch), which it did not obey")
            }
        case .stood, .elected, .steppedDown, .epochRefused: break
        }
    }

    /// What a peer says it obeys must be what its history says.
    public mutating func obeys(_ obeyed: (router: PeerID, epoch: UInt64)?, peer: Int, now: Instant) {
        let old = open[peer].flatMap { now < $0.until ? $0 : nil }
        if old?.router != obeyed?.router || old?.epoch != obeyed?.epoch {
            report(
                .exclusiveTarget,
                "\(peer) says it obeys \(String(describing: obeyed)), its history says \(String(describing: old))")
        }
    }

    /// The last write of a peer never reached the disk; nothing was done on the strength of it.
    public mutating func lostWrite(_ peer: Int, before: DurableLease) {
        durable[peer] = before.maxEpoch
    }

    /// A peer knows that its row could not be written: nothing that the row was for was given.
    public mutating func refusedWrite(_ peer: Int, onDisk: DurableLease) {
        if let grant = open[peer], grant.epoch > onDisk.maxEpoch {
            report(.durable, "\(peer) keeps \(grant.router)@\(grant.epoch), but only \(onDisk.maxEpoch) is on disk")
        }
        durable[peer] = onDisk.maxEpoch
        lastGranted[peer] = min(lastGranted[peer], onDisk.maxEpoch)
    }

    /// The disk was lost: another peer lives at this place.
    public mutating func replaced(_ peer: Int) {
        open[peer] = nil
        lastGranted[peer] = 0
        lastAdmitted[peer] = nil
        durable[peer] = 0
    }

    /// A peer's process ended: what it granted is forgotten, its epochs are not.
    public mutating func ended(_ peer: Int) {
        open[peer] = nil
    }

    /// A peer wrote its durable state.
    public mutating func persisted(_ state: DurableLease, by peer: Int) {
        if state.maxEpoch < durable[peer] {
            report(.durable, "\(peer) writes epoch \(state.maxEpoch) over \(durable[peer])")
        }
        durable[peer] = state.maxEpoch
    }

    /// A target let a fenced command have its effect.
    public mutating func admitted(epoch: UInt64, router: PeerID, at target: Int) {
        if let last = lastAdmitted[target] {
            if epoch < last.epoch {
                report(.fence, "\(target) admits \(router)@\(epoch) after \(last.router)@\(last.epoch)")
            } else if epoch == last.epoch && router != last.router {
                report(.exclusiveTarget, "\(target) admits two routers in epoch \(epoch)")
            }
        }
        lastAdmitted[target] = (epoch, router)
    }
}
