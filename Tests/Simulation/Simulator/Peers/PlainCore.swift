import Gossip

/// The real lease rules over the simplest failure detector: everybody pings everybody twice a second; silence of 1.5 s makes a
/// suspect, of 4 s an unreachable peer. It shows faults of the lease without those of the membership.
final class PlainCore: PeerCore {
    private struct Known {
        let id: PeerID
        var endpoint: Endpoint
        var lastHeard: Instant
        var status: MemberStatus
        var candidacy: Candidacy
        var generation: UInt32
    }

    private var rules: LeaseRules
    private let selfRecord: MemberRecord
    private var known: [Known] = []
    private var strangers: [Endpoint] = []
    private var nextPing: Instant
    private var announced: LeaseRecord?
    private var stopped = false
    private var lastView: [LeasePeer]?
    private var lastLeft: [PeerID] = []
    private var sequence: UInt32 = 0

    init(configuration: HerdConfiguration, selfRecord: MemberRecord, durable: DurableLease, seed: UInt64, now: Instant) {
        self.selfRecord = selfRecord
        rules = LeaseRules(
            selfID: selfRecord.id, candidacy: selfRecord.candidacy, durable: durable, configuration: configuration.lease,
            seed: seed, now: now)
        nextPing = now + .milliseconds(300)
    }

    private(set) var facts = CoreFacts()

    func handle(_ event: HerdEvent, now: Instant) -> [HerdAction] {
        var out: [HerdAction] = []
        switch event {
        case .wake:
            apply(.wake, now, &out)
        case .datagram(let datagram, let from):
            receive(datagram, from, now, &out)
        case .candidate(let endpoint, _, _):
            let isKnown = strangers.contains(endpoint) || known.contains { $0.endpoint == endpoint }
            if endpoint != selfRecord.endpoint && !isKnown {
                strangers.append(endpoint)
                out.append(.send(datagram(.ping(sequence: 0, target: 0)), to: endpoint))
            }
        case .candidacy(let candidacy): apply(.candidacy(candidacy), now, &out)
        case .processDied(let id): apply(.processDied(id), now, &out)
        case .resumed:
            for place in known.indices where known[place].status != .left { known[place].lastHeard = now }
            apply(.resumed, now, &out)
        case .storage(let writable, let row): apply(.storage(writable: writable, onDisk: row), now, &out)
        case .shutdown:
            stopped = true
            apply(.shutdown, now, &out)
            for peer in known { out.append(.send(datagram(.bye(.leaving)), to: peer.endpoint)) }
        case .farewellHint, .synced, .syncFailed, .hot, .cold, .evidence, .suspending, .ownEndpoint, .tunnelled, .tunnelFailed,
            .credentials, .restoreSettings, .writeSetting:
            break
        }
        if now >= nextPing && !stopped {
            nextPing = now + .milliseconds(500)
            ping(&out)
        }
        changeView(now, &out)
        facts = CoreFacts(
            nextWake: min(nextPing, rules.nextWake), obeyed: rules.obeyed(now: now), heldEpoch: rules.heldEpoch)
        return out
    }

    private func ping(_ out: inout [HerdAction]) {
        sequence &+= 1
        for peer in known where peer.status != .left {
            out.append(.send(datagram(.ping(sequence: sequence, target: peer.id.short)), to: peer.endpoint))
        }
        for endpoint in strangers {
            out.append(.send(datagram(.ping(sequence: sequence, target: 0)), to: endpoint))
        }
    }

    private func datagram(_ message: Message) -> Datagram {
        var items: [Item] = [.member(selfRecord)]
        if let announced { items.append(.lease(announced)) }
        return Datagram(
            sender: selfRecord.id.short, generation: selfRecord.generation, incarnation: 0, hotCounter: 0, localHealth: 0,
            message: message, items: items)
    }

    private func receive(_ datagram: Datagram, _ from: Endpoint, _ now: Instant, _ out: inout [HerdAction]) {
        guard case .member(let record)? = datagram.items.first else { return }
        strangers.removeAll { $0 == from }
        if let place = known.firstIndex(where: { $0.id == record.id }) {
            guard record.generation >= known[place].generation else { return }
            if case .bye = datagram.message {
                known[place].status = .left
                return
            }
            if known[place].status == .left && record.generation == known[place].generation { return }
            known[place].lastHeard = now
            known[place].status = .alive
            known[place].generation = record.generation
            known[place].candidacy = record.candidacy
        } else {
            if case .bye = datagram.message { return }
            let peer = Known(
                id: record.id, endpoint: from, lastHeard: now, status: .alive, candidacy: record.candidacy,
                generation: record.generation)
            known.insert(peer, at: known.firstIndex { $0.id > record.id } ?? known.count)
        }
        changeView(now, &out)
        for item in datagram.items {
            if case .lease(let lease) = item { apply(.announced(lease), now, &out) }
        }
        switch datagram.message {
        case .ping(let sequence, _):
            if !stopped { out.append(.send(self.datagram(.ack(sequence: sequence)), to: from)) }
        case .lease(let message):
            apply(.message(message, from: record.id), now, &out)
        default: break
        }
    }

    private func changeView(_ now: Instant, _ out: inout [HerdAction]) {
        var view: [LeasePeer] = []
        let left = known.filter { $0.status == .left }.map(\.id)
        for place in known.indices where known[place].status != .left {
            let silence = now - known[place].lastHeard
            known[place].status = silence > .seconds(4) ? .unreachable : silence > .milliseconds(1_500) ? .suspect : .alive
            if known[place].status != .unreachable {
                let peer = known[place]
                view.append(LeasePeer(id: peer.id, suspect: peer.status == .suspect, candidacy: peer.candidacy))
            }
        }
        if view != lastView || left != lastLeft {
            lastView = view
            lastLeft = left
            apply(.view(peers: view, left: left), now, &out)
        }
    }

    private func apply(_ event: LeaseEvent, _ now: Instant, _ out: inout [HerdAction]) {
        for action in rules.handle(event, now: now) {
            switch action {
            case .persist(let state): out.append(.persist(state))
            case .send(let message, let id):
                if let peer = known.first(where: { $0.id == id }) {
                    out.append(.send(datagram(.lease(message)), to: peer.endpoint))
                }
            case .announce(let record): announced = record
            case .changed:
                if rules.announcement(now: now) == nil { announced = nil }
                out.append(.viewChanged)
            case .note(let note): out.append(.note(.lease(note)))
            }
        }
    }

    func syncOpening(to endpoint: Endpoint, now: Instant) -> SyncMessage? { nil }
    func syncAnswer(to request: SyncMessage, now: Instant) -> SyncMessage? { nil }

    func memberStates(now: Instant) -> [(id: PeerID, status: MemberStatus)] { known.map { ($0.id, $0.status) } }
    func visitMembers(_ visit: (MemberTrace) -> Void) {}
    var diagnostics: HerdDiagnostics? { nil }
    var settings: [SettingEntry] { [] }
    func rememberedPeers(now: Instant) -> [RememberedPeer] { [] }
    func view(now: Instant) -> FleetView? { nil }
    func reports(of peer: PeerID) -> (inFlight: UInt16?, models: [UInt8]?)? { nil }
    func obeyed(now: Instant) -> (router: PeerID, epoch: UInt64)? { rules.obeyed(now: now) }
    func isRouter(now: Instant) -> Bool { rules.isRouter(now: now) }
    func announcement(now: Instant) -> LeaseRecord? { rules.announcement(now: now) }
    func mode(now: Instant) -> RouterMode { rules.mode(now: now) }
    func heldUntil(_ peer: PeerID, now: Instant) -> Instant? { rules.heldUntil(peer, now: now) }
    func validUntil(_ peer: PeerID, now: Instant) -> Instant? { rules.validUntil(peer, now: now) }
    func admits(epoch: UInt64, router: PeerID, now: Instant) -> Bool { rules.admits(epoch: epoch, router: router, now: now) }
    var electorate: [PeerID] { rules.electorate }
    var roster: Roster { rules.roster }
}
