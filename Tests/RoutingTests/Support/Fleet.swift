import Gossip
import Routing

/// The instant of all tests that need just one.
let now = Instant(nanoseconds: 1_000_000_000_000)

/// The id of the peer with this number.
func peer(_ number: UInt64) -> PeerID { PeerID(short: number, low: 0) }

/// Decimal gigabytes in bytes.
func bytes(_ gigabytes: Double) -> Int64 { Int64(gigabytes * 1e9) }

/// A machine for tests: one Ollama with a 5 GB `small:7b` on disk, 64 GiB of memory, a record made now. Change what the test is
/// about.
func machine(_ number: UInt64, status: MemberStatus = .alive, _ change: (inout MemberView) -> Void = { _ in }) -> MemberView {
    var member = MemberView(id: peer(number), name: "m\(number)", status: status)
    var hot = HotReport()
    hot.memoryAvailableMiB = 65536
    member.hot = hot
    member.hotVersion = RecordVersion(generation: 1, counter: 10)
    member.hotMadeAt = now
    var fixed = StaticReport(name: member.name)
    fixed.memoryTotalMiB = 65536
    member.fixed = fixed
    member.models = ModelsReport(
        backends: [BackendReport(id: "ollama", kind: .ollama, reachable: true)], available: [listed("small:7b", gigabytes: 5)])
    change(&member)
    return member
}

/// A model on disk.
func listed(_ name: String, on backend: String = "ollama", gigabytes size: Double = 0, can: [String] = []) -> AvailableModel {
    var model = AvailableModel(name: name, backend: backend)
    model.sizeBytes = bytes(size)
    model.capabilities = can
    return model
}

/// A view of `members`, seen by a peer that is none of them.
func view(_ members: [MemberView], selfID: PeerID = peer(999)) -> FleetView {
    FleetView(number: 1, selfID: selfID, members: members, router: nil)
}

func chat(_ model: String = "small:7b") -> RouteRequest {
    RouteRequest(model: model, kind: .chat)
}

extension MemberView {
    /// Puts a model into memory.
    mutating func load(
        _ name: String = "small:7b", on backend: String = "ollama", gigabytes size: Double = 5, context: Int? = nil
    ) {
        models?.loaded.append(LoadedModel(name: name, backend: backend, sizeBytes: bytes(size), contextLength: context))
    }

    /// So many requests of a model run and wait here.
    mutating func busy(_ name: String = "small:7b", inFlight: UInt16, queued: UInt16 = 0) {
        hot?.loaded.append(HotModel(key: ModelKey(name: name), inFlight: inFlight, queued: queued))
    }

    /// Its record is so old.
    mutating func age(_ age: Duration) { hotMadeAt = now - age }
}

extension Ranking {
    /// The candidates' numbers, best first.
    var order: [UInt64] { candidates.map { $0.peer.short } }

    func reason(_ number: UInt64) -> Elimination? { eliminated.first { $0.peer == peer(number) }?.reason }

    func candidate(_ number: UInt64) -> Candidate? { candidates.first { $0.peer == peer(number) } }

    func signals(_ number: UInt64) -> Signals? { candidate(number)?.signals }
}

/// Ranks for the usual request, with nothing remembered unless given.
func rank(
    _ members: [MemberView], selfID: PeerID = peer(999), deltas: OwnDeltas = OwnDeltas(),
    latencies: LatencyHistory = LatencyHistory(),
    affinity: SessionAffinity = SessionAffinity(), unloads: UnloadHistory = UnloadHistory(),
    configuration: ScoringConfiguration = ScoringConfiguration(), seed: UInt64 = 1
) -> Ranking {
    var generator = SeededGenerator(seed: seed)
    return Scorer(view: view(members, selfID: selfID), configuration: configuration, unloads: unloads)
        .rank(chat(), deltas: deltas, latencies: latencies, affinity: affinity, now: now, using: &generator)
}

/// Ranks for `request`.
func rank(
    _ request: RouteRequest, _ members: [MemberView], affinity: SessionAffinity = SessionAffinity(), seed: UInt64 = 1
) -> Ranking {
    var generator = SeededGenerator(seed: seed)
    return Scorer(view: view(members))
        .rank(request, deltas: OwnDeltas(), latencies: LatencyHistory(), affinity: affinity, now: now, using: &generator)
}
