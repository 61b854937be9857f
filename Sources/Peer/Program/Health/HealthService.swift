import Backends
import Machine
import ServiceLifecycle
import Store

/// Looks now and then at what has to be looked at in time to be known later.
struct HealthService: Service {
    let watch: HealthWatch
    let traces: TraceRecorder
    let shard: Shard
    let backends: BackendsService

    /// Losses of traces are counted in five minutes; so often is fine enough.
    static let pace = Duration.seconds(5)
    /// Every so many looks the connections to the engines are read, too.
    static let connectionsEvery = 3

    /// Who is connected to the ports now and a second later: of a connection that ends, one side may be gone while the other is
    /// still there, and it would be taken for somebody else's.
    private static func clients(of ports: Set<Int>) async -> [ConnectionReader.Client] {
        let found = ConnectionReader().clients(of: ports)
        guard !found.isEmpty else { return [] }
        try? await Task.sleep(for: .seconds(1))
        let still = Set(ConnectionReader().clients(of: ports).map(\.peer))
        return found.filter { still.contains($0.peer) }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var looks = 0
            while !Task.isCancelled {
                watch.see(lostRows: Int(traces.dropped) + shard.statistics.rowsDropped)
                if looks % Self.connectionsEvery == 0 {
                    let ports = Set(backends.current.targets.filter(\.address.isLocal).map(\.address.port))
                    watch.see(foreign: await Self.clients(of: ports))
                }
                looks += 1
                try? await Task.sleep(for: Self.pace)
            }
        }
    }
}
