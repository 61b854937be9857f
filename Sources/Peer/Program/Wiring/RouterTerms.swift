import API
import Gossip
import Synchronization

/// Remembers who was router since this peer started, from its views.
final class RouterTerms: Sendable {
    private let held = Mutex<[RouterTerm]>([])

    /// Older ones are forgotten.
    static let limit = 200

    /// Oldest first.
    var terms: [RouterTerm] { held.withLock { $0 } }

    /// A new view, at a time in seconds since 1970.
    func look(_ view: FleetView, at now: Double) {
        let router = view.router
        let name = router.map { router in view.member(router.id)?.name ?? router.id.shortHex }
        held.withLock { terms in
            if let last = terms.last, last.node_id == name, last.epoch == router?.epoch, last.mode == router?.mode.rawValue {
                return
            }
            if !terms.isEmpty { terms[terms.count - 1].until = now }
            terms.append(RouterTerm(node_id: name, epoch: router?.epoch, mode: router?.mode.rawValue, since: now))
            if terms.count > Self.limit { terms.removeFirst() }
        }
    }
}
