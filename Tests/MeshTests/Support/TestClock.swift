import Gossip
import Synchronization

@testable import Mesh

/// The machine's clocks, with offsets turned by hand.
final class TestClock: MeshClock {
    private let offsets = Mutex((boot: Duration.zero, monotonic: Duration.zero, wall: Int64(0)))
    private let base = SystemMeshClock()

    func boot() -> Instant { base.boot() + offsets.withLock(\.boot) }
    func monotonic() -> Instant { base.monotonic() + offsets.withLock(\.monotonic) }
    func wallMilliseconds() -> Int64 { base.wallMilliseconds() + offsets.withLock(\.wall) }

    /// The machine sleeps: the boot clock goes on, the monotonic one stands.
    func sleep(_ duration: Duration) { offsets.withLock { $0.boot += duration } }

    /// The process is stopped: both clocks go on.
    func pause(_ duration: Duration) {
        offsets.withLock {
            $0.boot += duration
            $0.monotonic += duration
        }
    }

    /// Somebody sets the clock on the wall.
    func setWall(by milliseconds: Int64) { offsets.withLock { $0.wall += milliseconds } }
}
