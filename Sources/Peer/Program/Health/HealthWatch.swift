import Gossip
import Health
import Machine
import Mesh
import Synchronization

/// What a view or a counter does not tell, because it is over: changes of the router, lost rows and failed calls of late.
final class HealthWatch: Sendable {
    private struct State {
        var mesh = MeshWatch()
        var lost = SpanCounter(seconds: 300)
        var lostBefore = 0
        var failures = SpanCounter(seconds: 300)
        var foreign: [ConnectionReader.Client] = []
        var pins: [String: PinTrouble] = [:]
    }

    /// Failures of one pinned model.
    private struct PinTrouble {
        var failures = SpanCounter(seconds: 86_400, slices: 288)
        var needed = 0.0
        var available = 0.0
    }

    private let state = Mutex(State())
    /// Seconds of a clock that never goes back, and goes on while the machine sleeps.
    private let seconds: @Sendable () -> Double

    private var now: Double { seconds() }

    /// - Parameter seconds: the time; that since the machine's start unless a test wants to move it.
    init(seconds: @escaping @Sendable () -> Double = { Double(SystemMeshClock().boot().nanoseconds) / 1e9 }) {
        self.seconds = seconds
    }

    /// The view changed.
    func see(_ view: FleetView) {
        let reign = MeshWatch.Reign(
            router: view.router?.id.hex, epoch: view.router?.epoch ?? 0, isDegraded: view.router?.mode == .degraded)
        let now = now
        state.withLock { $0.mesh.see(reign, now: now) }
    }

    /// A call of an own engine failed.
    func engineFailed() {
        let now = now
        state.withLock { $0.failures.add(now: now) }
    }

    /// So many rows of traces are lost by now.
    func see(lostRows total: Int) {
        let now = now
        state.withLock { state in
            state.lost.add(total - state.lostBefore, now: now)
            state.lostBefore = max(total, state.lostBefore)
        }
    }

    /// Who uses the engines past this peer.
    func see(foreign clients: [ConnectionReader.Client]) { state.withLock { $0.foreign = clients } }

    /// A pinned model did not fit into memory.
    func pinFailed(_ model: String, needed: Double, available: Double) {
        let now = now
        state.withLock { state in
            guard state.pins[model] != nil || state.pins.count < 64 else { return }
            state.pins[model, default: PinTrouble()].failures.add(now: now)
            state.pins[model]?.needed = needed
            state.pins[model]?.available = available
        }
    }

    /// A model is loaded, or not pinned any more: what was before does not matter.
    func pinFits(_ model: String) { state.withLock { $0.pins[model] = nil } }

    /// Pinned models that did not fit.
    var pinFailures: [PeerDigest.PinFailure] {
        let now = now
        return state.withLock { state in
            state.pins.sorted { $0.key < $1.key }.compactMap { model, trouble in
                let count = trouble.failures.recent(now: now)
                return count == 0
                    ? nil
                    : PeerDigest.PinFailure(
                        model: model, failures: count, neededGigabytes: trouble.needed, availableGigabytes: trouble.available)
            }
        }
    }

    /// Writes what it knows into a digest.
    func fill(_ digest: inout PeerDigest) {
        let now = now
        state.withLock { state in
            digest.writer.recentlyLost = state.lost.recent(now: now)
            digest.engineFailures = state.failures.recent(now: now)
            digest.engineFailuresTotal = state.failures.total
            digest.foreignClients = state.foreign.map { .init(peer: $0.peer, connections: $0.connections) }
        }
        digest.pinFailures = pinFailures
    }

    /// Writes what it knows of the mesh.
    func fill(_ mesh: inout MeshHealth) {
        let now = now
        state.withLock { state in
            mesh.unchangedSeconds = state.mesh.unchangedSeconds(now: now)
            mesh.routerChanges = state.mesh.recentChanges(now: now)
        }
    }
}
