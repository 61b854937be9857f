import FastLane
import Mesh
import ServiceLifecycle
import Store
import Synchronization

/// Takes trace rows off the event loops and hands them to the shard as rows, from a task of its own.
final class TraceRecorder: TraceSink, Service {
    private struct State {
        var rows: [RequestTrace] = []
        var dropped: UInt64 = 0
    }

    private let state = Mutex(State())
    private let wake: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation
    private let shard: Shard
    private let history = Mutex<MeshService?>(nil)

    /// More rows than these are dropped and counted: the shard has a queue of its own behind.
    static let limit = 8_192
    /// Rows of this time go together.
    static let pause = Duration.milliseconds(10)

    init(shard: Shard) {
        self.shard = shard
        (wake, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Ends of requests go into the mesh's history as well.
    func keep(historyIn mesh: MeshService) { history.withLock { $0 = mesh } }

    func record(_ trace: RequestTrace) {
        if trace.row == .terminal, let mesh = history.withLock(\.self) {
            mesh.record(.requestEnd(request: trace.requestID, status: trace.status.rawValue))
        }
        let first = state.withLock { state in
            guard state.rows.count < Self.limit else {
                state.dropped += 1
                return false
            }
            state.rows.append(trace)
            return state.rows.count == 1
        }
        if first { bell.yield() }
    }

    /// Rows lost here.
    var dropped: UInt64 { state.withLock(\.dropped) }

    func run() async throws {
        await withGracefulShutdownHandler {
            for await _ in wake {
                try? await Task.sleep(for: Self.pause)
                drain()
            }
        } onGracefulShutdown: {
            self.bell.finish()
        }
        drain()
        await shard.close()
    }

    private func drain() {
        let rows = state.withLock { state in
            defer { state.rows = [] }
            return state.rows
        }
        for trace in rows {
            switch trace.row {
            case .attempt, .terminal: shard.append(TraceRow(trace))
            case .execution: shard.append(ExecutionRow(trace))
            }
        }
    }
}
