import FastLane
import Gossip
import NIOCore
import Routing
import Testing

/// What people and programs are told of waiting.
@Suite struct QueueTests {
    /// Good for every dialect.
    private static let body =
        #"{"model":"tiny","stream":false,"max_tokens":9,"input":"hi","messages":[{"role":"user","content":"hi"}]}"#

    /// One slot, held; the requests come one after the other.
    private func crowd(
        _ gate: Gate, _ headers: [String], path: String = "/api/chat", configure: (inout LaneConfiguration) -> Void = { _ in }
    ) async throws -> (peer: TestPeer, clients: [RawClient]) {
        let engine = try await ScriptedUpstream { _, connection in gate.hold(connection) }
        let peer = try await TestPeer(alone: "h1", engine: engine, slots: 1, configure: configure)
        var clients: [RawClient] = []
        for header in headers {
            let client = try peer.client()
            try client.send(post(path, Self.body, header))
            clients.append(client)
            let count = clients.count
            #expect(await eventually { peer.state.load.inFlight + peer.state.load.queued + peer.state.waitingCount == count })
        }
        return (peer, clients)
    }

    @Test func thePositionIsExactAndTheWaitIsMeasured() async throws {
        let gate = Gate()
        let batch = "X-Fleet-Priority: batch\r\n"
        let urgent = "X-Fleet-Priority: interactive\r\n"
        let (peer, clients) = try await crowd(gate, ["", "", batch, "", urgent])
        var queue = peer.state.queue
        #expect(queue.waiting.map(\.reason) == [.slot, .busy, .busy, .busy])
        #expect(queue.waiting.dropFirst().map(\.priority) == [.interactive, .normal, .batch])
        #expect(queue.waiting.map(\.position) == [1, 1, 2, 3])
        #expect(queue.waiting.allSatisfy { $0.estimatedMilliseconds == nil && $0.node == "h1" && $0.model == "tiny:latest" })
        #expect(queue.waiting[0].patienceMilliseconds == nil && queue.waiting[1].patienceMilliseconds.map { $0 > 0 } == true)
        #expect(Set(queue.waiting.map(\.request)).count == 4)
        // One has ended, so that there is something to go by.
        gate.release()
        #expect(try await clients[0].response().status == 200)
        // The next one runs, the urgent one has the machine's next slot.
        #expect(
            await eventually { gate.count == 1 && peer.state.queue.waiting.map(\.reason) == [.slot, .busy, .busy] })
        queue = peer.state.queue
        #expect(queue.waiting.allSatisfy { $0.estimatedMilliseconds.map { $0 > 0 } == true })
        let inLine = queue.waiting.filter { $0.reason == .busy }.compactMap(\.estimatedMilliseconds)
        #expect(inLine == inLine.sorted() && inLine.count == 2)
        // Who leaves is gone from the list at once.
        clients[2].close()
        #expect(await eventually { !peer.state.queue.waiting.contains { $0.priority == .batch } })
        #expect(
            await eventually {
                gate.release()
                return peer.state.counters.active == 0
            })
        let last = try await clients[3].response()
        #expect(last.status == 200 && last["x-fleet-queue-position"] == "1", "it came before the batch request")
        #expect(last["x-fleet-queue-wait-ms"].flatMap { Int($0) }.map { $0 >= 0 } == true)
        #expect(peer.state.counters.models.first.map { $0.service.count == 4 && $0.latencySum > 0 } == true)
        await peer.stop()
    }

    /// Every dialect: status, its own error body, when to come back, and where it would have stood.
    @Test(arguments: [
        ("/api/chat", #""error":"every machine is busy"#), ("/v1/chat/completions", #""type":"api_error""#),
        ("/v1/messages", #""type":"error""#), ("/v1/responses", #""error":{"message":"every"#),
    ])
    func aFullLineSaysWhenToComeBack(path: String, words: String) async throws {
        let gate = Gate()
        let (peer, clients) = try await crowd(gate, ["", "", "", ""], path: path) { $0.ticketQueueLimit = 2 }
        let late = try peer.client()
        try late.send(post(path, Self.body))
        let response = try await late.response()
        #expect(response.status == 503)
        #expect(response.body.contains(text: words), "\(response.body)")
        #expect(response.body.contains(text: "queue is full"))
        #expect(response["x-fleet-queue-position"] == "3")
        #expect(response["x-fleet-estimated-wait-ms"] == nil, "nothing was measured")
        // Two seconds a request while nothing was measured.
        #expect(response["retry-after"] == "6")
        for client in clients { client.close() }
        await peer.stop()
    }

    @Test func retryAfterComesFromWhatWasMeasured() async throws {
        let gate = Gate()
        let (peer, clients) = try await crowd(gate, ["", "", ""]) { $0.ticketQueueLimit = 1 }
        gate.release()
        #expect(try await clients[0].response().status == 200)
        #expect(await eventually { peer.state.waitingCount == 0 && peer.state.load.queued == 1 })
        let next = try peer.client()
        try next.send(post("/api/chat", Lines.plain))
        #expect(await eventually { peer.state.waitingCount == 1 })
        let late = try peer.client()
        try late.send(post("/api/chat", Lines.plain))
        let response = try await late.response()
        #expect(response.status == 503)
        let estimate = try #require(response["x-fleet-estimated-wait-ms"].flatMap { Int($0) })
        let seconds = try #require(response["retry-after"].flatMap { Int($0) })
        #expect(seconds == min(120, max(1, (estimate + 999) / 1_000)) || seconds == min(120, max(1, estimate / 1_000)))
        for client in clients + [next] { client.close() }
        await peer.stop()
    }

    /// Nobody hears 102 who did not ask for it.
    @Test func theLineIsToldToThoseWhoAsk() async throws {
        let gate = Gate()
        let (peer, clients) = try await crowd(gate, ["", "", "X-Fleet-Progress: 102\r\n", ""])
        try await clients[2].read(until: "X-Fleet-Queue-Position: 1\r\n")
        #expect(clients[2].pending.hasPrefix("HTTP/1.1 102 Processing\r\n"))
        #expect(clients[3].pending.isEmpty)
        for client in clients { client.close() }
        await peer.stop()
    }

    @Test func aClientMayBeLessPatient() async throws {
        let gate = Gate()
        let (peer, clients) = try await crowd(gate, ["", ""]) { $0.ticketWait = .seconds(600) }
        let hasty = try peer.client()
        try hasty.send(post("/api/chat", Lines.plain, "X-Fleet-Deadline-Ms: 200\r\n"))
        let response = try await hasty.response()
        #expect(response.status == 503 && response["x-fleet-queue-position"] == "1")
        #expect(response.body.contains(text: "position 1 in the queue"))
        for client in clients { client.close() }
        await peer.stop()
    }
}
