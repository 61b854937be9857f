import API
import FastLane
import Mesh
import ServiceLifecycle
import Store
import Synchronization

/// Takes trace rows off the event loops and keeps them until the shard's writer asks for them. The event loop only copies the row
/// under a lock, and wakes the writer once per batch; the writer makes columns and texts of it.
final class TraceRecorder: TraceSink, Service, RowSource {
    private struct State {
        var rows: [RequestTrace] = []
        var dropped: UInt64 = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let shard: Shard
    /// Counted by the writer, so that the event loops do not wait for it.
    private let counted = Mutex(RequestFigures())
    /// Nil where nobody asks for spans.
    let spans: SpanExporter?
    private let history = Mutex<MeshService?>(nil)

    /// More rows than these are dropped and counted.
    static let limit = 8_192

    init(shard: Shard, spans: SpanExporter? = nil) {
        self.shard = shard
        self.spans = spans
        shard.add(self)
    }

    /// Ends of requests go into the mesh's history as well.
    func keep(historyIn mesh: MeshService) { history.withLock { $0 = mesh } }

    func record(_ trace: consuming RequestTrace) {
        if trace.row == .terminal, let mesh = history.withLock(\.self) {
            mesh.record(.requestEnd(request: trace.requestID, status: trace.status.rawValue))
        }
        // Moved into the list, not copied: a copy would count all of its references.
        var waiting = Optional(consume trace)
        let isFirst = state.withLock { state in
            guard !state.isClosed, state.rows.count < Self.limit else {
                state.dropped += 1
                return false
            }
            if let row = waiting.take() { state.rows.append(row) }
            return state.rows.count == 1
        }
        if let lost = waiting.take() { counted.withLock { $0.note(lost) } }
        if isFirst { shard.rowsWait() }
    }

    /// Rows lost here.
    var dropped: UInt64 { state.withLock(\.dropped) }

    var waitingRows: Int { state.withLock(\.rows.count) }

    /// The requests that have ended, but for those of the last tenth of a second.
    var figures: RequestFigures { counted.withLock(\.self) }

    func takeRows() -> (any RowBatch)? {
        // As many are likely to come again; the event loops do not wait for the memory.
        var rows: [RequestTrace] = []
        rows.reserveCapacity(waitingRows)
        state.withLock { swap(&$0.rows, &rows) }
        guard !rows.isEmpty else { return nil }
        // In place: a trace has a score of references, which a copy would count.
        rows.withUnsafeBufferPointer { rows in
            counted.withLock { figures in
                for number in rows.indices { figures.note(rows[number]) }
            }
        }
        spans?.offer(rows)
        return Batch(rows: rows)
    }

    func run() async throws {
        // Cancelled or asked to end: what waits is written in both cases.
        try? await gracefulShutdown()
        state.withLock { $0.isClosed = true }
        await shard.close()
    }

    private struct Batch: RowBatch {
        let rows: [RequestTrace]

        var count: Int { rows.count }

        func write(_ range: Range<Int>, into inserts: inout RowInserts) throws {
            // In place too.
            try rows.withUnsafeBufferPointer { rows in
                for number in range { try Self.write(rows[number], into: &inserts) }
            }
        }

        private static func write(_ trace: borrowing RequestTrace, into inserts: inout RowInserts) throws {
            if trace.row == .execution {
                trace.fill(&inserts.execution)
                try inserts.insertExecution()
            } else {
                trace.fill(&inserts.trace)
                try inserts.insertTrace()
            }
        }
    }
}
