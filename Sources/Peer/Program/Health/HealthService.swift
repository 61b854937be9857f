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
    static let connectionsEvery = 12

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var looks = 0
            while !Task.isCancelled {
                watch.see(lostRows: Int(traces.dropped) + shard.statistics.rowsDropped)
                if looks % Self.connectionsEvery == 0 {
                    let ports = Set(backends.current.targets.filter(\.address.isLocal).map(\.address.port))
                    watch.see(foreign: ConnectionReader().clients(of: ports))
                }
                looks += 1
                try? await Task.sleep(for: Self.pace)
            }
        }
    }
}
