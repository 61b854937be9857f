import FastLane
import Gossip
import NIOCore
import Routing
import Synchronization
import Testing

/// Entry and target as two real lanes over the mesh port.
@Suite struct TwoPeersTests {
    /// `entry` has no engine; the others have one each.
    static func fleet(_ entry: TestPeer, _ others: [TestPeer], models: [String] = ["tiny:latest"], number: UInt64 = 1) {
        var me = MemberView(id: entry.id, name: entry.name, status: .alive)
        me.hot = HotReport()
        me.models = ModelsReport()
        entry.see([me] + others.map { $0.member(models: models) }, number: number)
    }

    private func target(_ name: String, _ number: UInt64, _ engine: ScriptedUpstream, slots: Int = 4) async throws -> TestPeer {
        let peer = try await TestPeer(name, number: number)
        peer.use(engine.port, slots: slots)
        peer.see([peer.member(slots: slots)])
        return peer
    }

    @Test func aStreamOverTheHop() async throws {
        let engine = try await ScriptedUpstream { _, connection in
            connection.begin()
            connection.chunk(Lines.token("a"))
            connection.chunk(Lines.last)
            connection.end()
        }
        let entry = try await TestPeer("h1")
        let target = try await target("h2", 2, engine)
        Self.fleet(entry, [target])
        let client = try entry.client()
        for _ in 0..<3 {
            try client.send(post("/api/chat", Lines.chat))
            let response = try await client.response()
            #expect(response.status == 200)
            #expect(response["x-fleet-node"] == "h2")
            #expect(response["x-herd-load"] == nil)
            #expect(
                response.raw
                    == [Lines.token("a"), Lines.last].map(ScriptedUpstream.Connection.chunked).joined() + "0\r\n\r\n")
            let id = try #require(response["x-herd-request-id"])
            #expect(await eventually { target.traces.executions.contains { $0.requestID == id } })
        }
        #expect(engine.requests.last?.header("x-herd-hop") == "2")
        #expect(engine.requests.last?.header("x-herd-path") == "\(entry.id.hex),\(target.id.hex)")
        #expect(engine.requests.last?.header("x-herd-fleet") == nil)
        let end = try #require(entry.traces.ends.last)
        let execution = try #require(target.traces.executions.last)
        #expect(end.requestID == execution.requestID && end.attempt == execution.attempt)
        #expect(end.status == .completed && execution.status == .completed)
        #expect(execution.hop == 1 && execution.entry == entry.id.hex)
        #expect(end.completionTokens == 3 && execution.completionTokens == 3)
        #expect(execution.loadAtAdmission?.inFlight == 1)
        #expect(target.state.counters.forwardedHere == 3)
        await entry.stop()
        await target.stop()
    }

    @Test func busyTargetsAreSkipped() async throws {
        let stuck = try await ScriptedUpstream { _, _ in }
        let free = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let entry = try await TestPeer("h1")
        let full = try await target("h2", 2, stuck, slots: 1)
        let other = try await target("h3", 3, free)
        // Two requests of another client fill h2: one runs, one waits.
        var fillers: [RawClient] = []
        for number in 1...2 {
            let filler = try full.client()
            try filler.send(post("/api/chat", Lines.plain))
            fillers.append(filler)
            #expect(await eventually { full.state.load.inFlight + full.state.load.queued == number })
        }
        // The entry believes that h2 is the better one.
        var me = MemberView(id: entry.id, name: entry.name, status: .alive)
        me.hot = HotReport()
        entry.see([me, full.member(), other.member(hot: false)])
        let client = try entry.client()
        try client.send(post("/api/chat", Lines.plain))
        let response = try await client.response()
        #expect(response.status == 200)
        #expect(response["x-fleet-node"] == "h3")
        #expect(response["x-fleet-retries"] == "0")
        #expect(await eventually { entry.traces.ends.count == 1 })
        #expect(entry.traces.ends.first?.tries.map(\.verdict) == ["busy", "served"])
        #expect(entry.traces.ends.first?.tries.first?.reason == "slots")
        #expect(entry.state.counters.busy == 1)
        #expect(full.state.counters.busyGiven == 1)
        #expect(full.traces.executions.first?.status == .rejected)
        for filler in fillers { filler.close() }
        for peer in [entry, full, other] { await peer.stop() }
    }

    @Test func theClientsLeavingReachesTheEngineOverTheHop() async throws {
        let engine = try await ScriptedUpstream { request, connection in
            guard request.number == 2 else { return }
            connection.begin()
            connection.chunk(Lines.token("a"))
        }
        let entry = try await TestPeer("h1")
        let target = try await target("h2", 2, engine)
        Self.fleet(entry, [target])
        for number in 1...2 {
            let client = try entry.client()
            try client.send(post("/api/chat", Lines.chat))
            #expect(await eventually { engine.requests.count == number })
            if number == 2 { try await client.read(until: Lines.token("a")) }
            client.close()
            #expect(await eventually { engine.openConnections == 0 })
            #expect(await eventually { target.state.load.inFlight == 0 && target.state.counters.active == 0 })
        }
        #expect(await eventually { target.traces.executions.count == 2 })
        #expect(target.traces.executions.allSatisfy { $0.status == .clientDisconnected })
        await entry.stop()
        await target.stop()
    }

    @Test func aTargetThatIsGoneIsReplaced() async throws {
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let entry = try await TestPeer("h1")
        let good = try await target("h3", 3, engine)
        let dead = try await target("h2", 2, engine)
        let member = dead.member()
        await dead.stop()
        let evidence = Mutex<[DataPathEvidence]>([])
        entry.state.setEvidenceHandler { what, peer in
            if peer == dead.id { evidence.withLock { $0.append(what) } }
        }
        var me = MemberView(id: entry.id, name: entry.name, status: .alive)
        me.hot = HotReport()
        entry.see([me, member, good.member(hot: false)])
        let client = try entry.client()
        try client.send(post("/api/chat", Lines.plain))
        let response = try await client.response()
        #expect(response["x-fleet-node"] == "h3")
        #expect(response["x-fleet-retries"] == "1")
        #expect(evidence.withLock { $0 } == [.refused])
        #expect(await eventually { entry.traces.ends.count == 1 })
        #expect(entry.traces.attempts.map(\.nodeID) == ["h2"])
        #expect(entry.traces.attempts.first?.status == .retried)
        #expect(entry.traces.ends.first?.excludedNodes == ["h2"])
        await entry.stop()
        await good.stop()
    }

    /// A machine that lost its power neither answers nor refuses.
    @Test func aSilentTargetIsReplacedSoonOrWhenTheMeshSaysSo() async throws {
        let silent = try await ScriptedUpstream { request, connection in
            if request.number == 2 { connection.send("HTTP/1.1 102 Processing\r\n\r\n") }
        }
        let engine = try await ScriptedUpstream { _, connection in connection.answer("{}") }
        let entry = try await TestPeer("h1") { $0.admissionTimeout = .milliseconds(1_500) }
        let good = try await target("h3", 3, engine)
        var me = MemberView(id: entry.id, name: entry.name, status: .alive)
        me.hot = HotReport()
        var lost = good.member()
        lost.id = PeerID(short: 2, low: 2)
        lost.name = "h2"
        lost.endpoint = Endpoint(.v4(0x7F00_0001), port: UInt16(silent.port))
        entry.see([me, lost, good.member(hot: false)])
        let client = try entry.client()
        // It says nothing at all.
        try client.send(post("/api/chat", Lines.plain))
        #expect(try await client.response()["x-fleet-node"] == "h3")
        // It said that it works, then the mesh lost it.
        try client.send(post("/api/chat", Lines.plain, "X-Herd-Tags: session:b\r\n"))
        #expect(await eventually { silent.requests.count == 2 })
        lost.status = .unreachable
        entry.see([me, lost, good.member(hot: false)], number: 2)
        #expect(try await client.response()["x-fleet-node"] == "h3")
        await entry.stop()
        await good.stop()
    }

    @Test func theTargetDyingWithinTheStreamIsTold() async throws {
        let half = try await ScriptedUpstream { _, connection in
            connection.send("HTTP/1.1 102 Processing\r\n\r\n")
            connection.begin()
            connection.chunk(Lines.token("a"))
            connection.close()
        }
        let entry = try await TestPeer("h1")
        var me = MemberView(id: entry.id, name: entry.name, status: .alive)
        me.hot = HotReport()
        var member = entry.member()
        member.id = PeerID(short: 2, low: 2)
        member.name = "h2"
        member.endpoint = Endpoint(.v4(0x7F00_0001), port: UInt16(half.port))
        entry.see([me, member])
        let client = try entry.client()
        try client.send(post("/api/chat", Lines.chat))
        let body = try await client.response().body
        #expect(body.hasPrefix(Lines.token("a") + "{\"error\":"))
        #expect(body.contains(text: "h2"))
        await entry.stop()
    }

    /// An engine's own answers come through both lanes as they are: 4xx verbatim, 5xx when nobody else can.
    @Test func engineErrorsComeThroughTheHop() async throws {
        let engine = try await ScriptedUpstream { request, connection in
            connection.answer("{\"error\":\"e\(request.number)\"}", status: request.number == 1 ? "400 Bad Request" : "500 Oops")
        }
        let entry = try await TestPeer("h1")
        let target = try await target("h2", 2, engine)
        Self.fleet(entry, [target])
        let client = try entry.client()
        try client.send(post("/api/chat", Lines.plain))
        let first = try await client.response()
        #expect(first.status == 400 && first.body == "{\"error\":\"e1\"}")
        try client.send(post("/api/chat", Lines.plain))
        let second = try await client.response()
        #expect(second.status == 500 && second.body == "{\"error\":\"e2\"}")
        #expect(await eventually { entry.traces.ends.last?.status == .failed })
        await entry.stop()
        await target.stop()
    }
}
