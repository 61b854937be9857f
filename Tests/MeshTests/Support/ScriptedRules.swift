import Synchronization

@testable import Gossip
@testable import Mesh

/// Rules that record what they are told and answer what the test wants.
struct ScriptedRules: HerdRules {
    /// What the test sees and sets.
    final class Script: Sendable {
        struct State {
            var events: [String] = []
            var resumed: [Duration] = []
            var storage: [Bool] = []
            var hot: [HotReport] = []
            var cold: [(ColdKind, [UInt8])] = []
            var candidates: [(Endpoint, AddressSource, UInt64?)] = []
            var hints: [UInt64] = []
            var datagrams: [Datagram] = []
            var tunnelled: [(Datagram, Endpoint)] = []
            var tunnelFailures: [Endpoint] = []
            var died: [PeerID] = []
            var answers: [HerdAction] = []
            var wakeAt: Instant = .distantFuture
            var router: RouterView?
            var others: [MemberEntry] = []
            var setup: RulesSetup?
        }

        let state = Mutex(State())

        /// What the rules do at the next event.
        func answer(_ actions: [HerdAction]) { state.withLock { $0.answers = actions } }
        func read<T: Sendable>(_ body: (State) -> T) -> T { state.withLock { body($0) } }
    }

    var rosterPeers: [PeerID] { [] }

    let script: Script
    let setup: RulesSetup

    init(_ setup: RulesSetup, _ script: Script) {
        self.setup = setup
        self.script = script
        script.state.withLock { $0.setup = setup }
    }

    mutating func handle(_ event: HerdEvent, now: Instant) -> [HerdAction] {
        script.state.withLock { state in
            state.events.append(String("\(event)".prefix { $0 != "(" }))
            switch event {
            case .resumed(let away): state.resumed.append(away)
            case .storage(let writable, _): state.storage.append(writable)
            case .hot(let report): state.hot.append(report)
            case .cold(let kind, let payload): state.cold.append((kind, payload))
            case .candidate(let endpoint, let source, let expected): state.candidates.append((endpoint, source, expected))
            case .farewellHint(let id): state.hints.append(id)
            case .datagram(let datagram, _): state.datagrams.append(datagram)
            case .tunnelled(let datagram, let endpoint): state.tunnelled.append((datagram, endpoint))
            case .tunnelFailed(let endpoint): state.tunnelFailures.append(endpoint)
            case .processDied(let id): state.died.append(id)
            default: break
            }
            defer { state.answers = [] }
            return state.answers
        }
    }

    var nextWake: Instant { script.read(\.wakeAt) }

    var memberEntries: [MemberEntry] {
        let own = Self.entry(setup.selfRecord, status: .alive)
        return (script.read(\.others) + [own]).sorted { $0.id < $1.id }
    }

    func memberEntry(_ id: PeerID) -> MemberEntry? { script.read(\.others).first { $0.id == id } }

    func router(now: Instant) -> RouterView? { script.read(\.router) }

    func syncMessage(to endpoint: Endpoint, now: Instant) -> SyncMessage { syncMessage(for: nil, now: now) }

    func syncMessage(for request: SyncMessage?, now: Instant) -> SyncMessage {
        SyncMessage(sender: setup.selfRecord, members: [setup.selfRecord], have: [], records: [], hot: [], lease: nil)
    }

    var settings: [SettingEntry] { [] }

    func checkSetting(key: String, value: String?) throws(SettingError) {}

    func admits(epoch: UInt64, router: PeerID, now: Instant) -> Bool { epoch == 7 }

    func validUntil(_ peer: PeerID, now: Instant) -> Instant? { now + .seconds(1) }

    func rememberedPeers(now: Instant) -> [RememberedPeer] {
        script.read(\.others).map {
            RememberedPeer(id: $0.id, endpoint: $0.endpoint, secondsSinceSeen: 3, left: false, ephemeral: false)
        }
    }

    static func entry(_ record: MemberRecord, status: MemberStatus, fixed: StaticPayload? = nil) -> MemberEntry {
        MemberEntry(
            id: record.id, status: status, endpoint: record.endpoint, source: .gossip, lastHeard: nil, record: record,
            isUDPBlocked: false, hot: nil, hotVersion: .none, hotMadeAt: .zero, models: nil,
            fixed: fixed.flatMap { payload in
                ReportCoding.encode(payload).map { ColdEntry(version: RecordVersion(generation: 1, counter: 1), payload: $0) }
            })
    }
}
