import API
import FastLane
import Foundation
import Logging
import Outbound
import ServiceLifecycle
import Synchronization

/// Sends spans of ended requests to a collector, in batches. It takes them from the trace writer, never from an event loop; what it
/// cannot hold or send it drops and counts.
final class SpanExporter: Service {
    private struct State {
        var waiting: [OTLPBody.Span] = []
        var sent: UInt64 = 0
        var dropped: UInt64 = 0
    }

    private let target: SpanTarget
    private let client: OutboundClient
    private let logger: Logger
    private let node: String
    private let fleet: String
    private let state = Mutex(State())

    /// Spans that wait at most.
    static let limit = 4_096
    /// Spans in one export.
    static let batch = 256
    /// How often it looks for spans.
    static let pace = Duration.seconds(1)
    /// Tries of one batch, each twice as long after the last as that one after its own.
    static let tries = 4

    init(target: SpanTarget, node: String, fleet: String, client: OutboundClient, logger: Logger) {
        self.target = target
        self.node = node
        self.fleet = fleet
        self.client = client
        self.logger = logger
    }

    /// Spans that the collector took, and those that were lost.
    var counts: (sent: UInt64, dropped: UInt64) { state.withLock { ($0.sent, $0.dropped) } }

    /// Takes the spans of rows.
    func offer(_ rows: borrowing [RequestTrace]) {
        var spans: [OTLPBody.Span] = []
        for number in rows.indices {
            if let span = OTLPBody.Span(rows[number]) { spans.append(span) }
        }
        state.withLock { state in
            let room = max(0, Self.limit - state.waiting.count)
            state.waiting += spans.prefix(room)
            state.dropped += UInt64(spans.count - min(room, spans.count))
        }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.pace)
                while !Task.isCancelled, let spans = self.next() { await self.send(spans) }
            }
        }
        // What is left goes in one last try.
        if let spans = next() { await deliver(spans, timeout: .seconds(2)) }
    }

    private func next() -> [OTLPBody.Span]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else { return nil }
            let spans = Array(state.waiting.prefix(Self.batch))
            state.waiting.removeFirst(spans.count)
            return spans
        }
    }

    private func send(_ spans: [OTLPBody.Span]) async {
        var pause = Self.pace
        for attempt in 1...Self.tries {
            switch await deliver(spans, timeout: .seconds(10), isLast: attempt == Self.tries) {
            case .taken, .refused: return
            case .unreachable:
                guard attempt < Self.tries else { return }
                try? await Task.sleep(for: pause)
                pause *= 2
            }
        }
    }

    private enum Outcome {
        case taken
        /// Sending it again would not help.
        case refused
        case unreachable
    }

    @discardableResult
    private func deliver(_ spans: [OTLPBody.Span], timeout: Duration, isLast: Bool = true) async -> Outcome {
        var problem = ""
        do {
            let body = try OTLPBody(spans: spans, node: node, fleet: fleet).json()
            var request = OutboundRequest("POST", url: target.url, headers: [("Content-Type", "application/json")], body: body)
            request.headers += target.headers.map { ($0.name, $0.value) }
            request.timeout = timeout
            request.maximumBytes = 64 << 10
            let status = try await client.send(request).status
            if (200..<300).contains(status) {
                state.withLock { $0.sent += UInt64(spans.count) }
                return .taken
            }
            problem = "it answered \(status)"
            if ![408, 429, 502, 503, 504].contains(status) {
                lose(spans, problem)
                return .refused
            }
        } catch {
            problem = "\(error)"
        }
        if isLast { lose(spans, problem) }
        return .unreachable
    }

    private func lose(_ spans: [OTLPBody.Span], _ problem: String) {
        state.withLock { $0.dropped += UInt64(spans.count) }
        logger.warning(
            "Spans were lost: the collector does not take them", metadata: ["spans": "\(spans.count)", "problem": "\(problem)"])
    }
}
