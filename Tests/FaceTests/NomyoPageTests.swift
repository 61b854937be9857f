import API
import DemoEngine
import FastLane
import Foundation
import Gossip
import Insight
import NIOCore
import NIOPosix
import Store
import Synchronization
import Testing

/// NOMYO Router's own pages, and the defects of it that concern them (nomyo-compat §5, §12).
@Suite struct NomyoPageTests {
    private static func tokens(_ node: String, _ model: String, _ input: Int, _ output: Int, day: Int? = nil) -> Counted {
        var row = Counted(key: .init(bucket: day, node: node, model: model))
        row.requests = 1
        row.promptTokens = input
        row.completionTokens = output
        return row
    }

    private static let totals = [
        tokens("attic", "tiny:latest", 3, 4), tokens("desk", "tiny:latest", 10, 20), tokens("desk", "big:70b", 1, 0),
        tokens("", "tiny:latest", 5, 5), tokens("desk", "idle", 0, 0),
    ]

    private static func answer(_ query: ShardQuery) -> ShardPart {
        switch query {
        case .counts(let asked) where asked.grouping.contains(.day):
            .counts((1...7).map { tokens("desk", "tiny:latest", 1, 1, day: $0 * 86_400) })
        case .counts: .counts(totals)
        case .tokenMinutes(let asked) where asked.models == ["tiny:latest"]:
            .tokenMinutes([
                TokenMinute(nodeID: "attic", minuteBucket: 60, promptTokens: 3, completionTokens: 4),
                TokenMinute(nodeID: "desk", minuteBucket: 120, promptTokens: 4, completionTokens: 5),
            ])
        default: .empty(query)
        }
    }

    private func peer(_ change: (inout PeerFacts) -> Void = { _ in }) async throws -> FacePeer {
        let peer = try await FacePeer("desk", number: 1) { _ in
        } facts: { facts in
            facts.shards.own = { Self.answer($0) }
            change(&facts)
        }
        var dead = MemberView(id: PeerID(short: 2, low: 2), name: "attic", status: .alive)
        dead.models = ModelsReport(
            backends: [BackendReport(id: "llamacpp", kind: .llamacpp, reachable: false, problem: "connection refused")],
            loaded: [], available: [])
        peer.see([peer.member(models: ["tiny:latest"]), dead])
        return peer
    }

    private func json(_ text: String) throws -> NSDictionary {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary)
    }

    @Test func defectN1ADeadEndpointIsSaidToBeDead() async throws {
        let peer = try await peer()
        let health = try json(try await peer.ask("GET", "/health").text)
        let endpoints = try #require(health["endpoints"] as? [String: NSDictionary])
        #expect(endpoints["desk"] == ["status": "ok", "version": "0.33.0"])
        #expect(endpoints["attic"] == ["status": "error", "detail": "connection refused"])
        let config = try json(try await peer.ask("GET", "/api/config").text)
        let listed = try #require(config["endpoints"] as? [NSDictionary])
        #expect(listed.contains(["url": "desk", "status": "ok", "version": "0.33.0", "backend": "engine"]))
        #expect(listed.contains(["url": "attic", "status": "error", "detail": "connection refused", "backend": "llamacpp"]))
        #expect(config["llama_server_endpoints"] as? [String] == ["attic"] && config["require_router_api_key"] as? Bool == false)
        await peer.stop()
        let alone = try await self.peer { $0.obstacles = { [Obstacle(part: "backends", reason: "none")] } }
        #expect(try await alone.ask("GET", "/health").status == 503)
        await alone.stop()
    }

    @Test func tokensAreToldPerNodeAndModel() async throws {
        let peer = try await peer()
        let counts = try json(try await peer.ask("GET", "/api/token_counts").text)
        #expect(counts["total_tokens"] as? Int == 38 && (counts["breakdown"] as? [Any])?.count == 3)
        let row: NSDictionary = [
            "endpoint": "attic", "model": "tiny:latest", "input_tokens": 3, "output_tokens": 4, "total_tokens": 7,
        ]
        #expect((counts["breakdown"] as? [NSDictionary])?.first == row)
        let usage = try json(try await peer.ask("GET", "/api/usage").text)
        #expect(
            usage["token_usage_counts"] as? NSDictionary == [
                "attic": ["tiny:latest": 7], "desk": ["tiny:latest": 30, "big:70b": 1],
            ])
        #expect(usage["usage_counts"] as? NSDictionary == [:])
        await peer.stop()
    }

    @Test(arguments: ["tiny", "TINY:latest"]) func defectN15AnUnknownModelHasNoStatistics(name: String) async throws {
        let peer = try await peer()
        for (path, body) in [("/api/stats", #"{"model":"\#(name)"}"#), ("/api/stats?model=\(name)", "")] {
            let stats = try json(try await peer.ask("POST", path, json: body).text)
            #expect(stats["model"] as? String == "tiny:latest" && stats["total_tokens"] as? Int == 37)
            #expect(stats["endpoint_distribution"] as? NSDictionary == ["attic": 7, "desk": 30])
            let series = try #require(stats["time_series"] as? [NSDictionary])
            #expect(series.map { $0["timestamp"] as? Int } == [120, 60])
            #expect(
                series.last == ["endpoint": "attic", "input_tokens": 3, "output_tokens": 4, "total_tokens": 7, "timestamp": 60])
        }
        let unknown = try await peer.ask("POST", "/api/stats", json: #"{"model":"nope"}"#)
        #expect(unknown.status == 404 && unknown.text.contains("nope"))
        for bad in ["{bad", #"{"model":7}"#, "{}", ""] {
            let answer = try await peer.ask("POST", "/api/stats", json: bad)
            #expect(answer.status == 400 && answer.text.hasPrefix(#"{"detail":"#))
        }
        await peer.stop()
    }

    /// A name in the query, without a body.
    @Test func aModelIsNamedInTheQuery() async throws {
        let engine = try await DemoEngine.start()
        let asked = Asked()
        let peer = try await peer { facts in
            facts.show = { model, body in
                asked.add("\(model) \(String(buffer: body))")
                return .unknownModel
            }
        }
        try peer.use(engine.port, models: ["tiny:latest"])
        peer.see([peer.member(models: ["tiny:latest"])], number: 2)
        let pulled = try await peer.ask("POST", "/api/pull?stream=1&model=tiny%3Alatest", body: [])
        #expect(pulled.status == 200 && pulled.text.contains("success"), "\(pulled.text)")
        #expect(try await peer.ask("POST", "/api/pull?other=x", body: []).text == #"{"error":"missing request body"}"#)
        #expect(try await peer.ask("POST", "/api/show?model=a%2Fb", body: []).status == 404)
        #expect(asked.value == #"a/b {"model":"a\/b"}"#)
        await peer.stop()
        await engine.stop()
    }

    @Test func defectN16PrometheusReadsWhatItAsksFor() async throws {
        let peer = try await peer()
        for path in ["/metrics", "/api/usage?format=prometheus"] {
            let answer = try await peer.ask("GET", path)
            #expect(answer["content-type"] == "text/plain; version=0.0.4; charset=utf-8" && answer.text.hasPrefix("# HELP herd_"))
        }
        await peer.stop()
    }

    /// The lowest version of the fleet, in plain numbers whatever stands behind them.
    @Test func defectN22AVersionMayHaveASuffix() async throws {
        let peer = try await peer()
        var other = MemberView(id: PeerID(short: 3, low: 3), name: "new", status: .alive)
        other.models = ModelsReport(
            backends: [BackendReport(id: "ollama", kind: .ollama, version: "0.32.9-rc1", reachable: true)], loaded: [],
            available: [])
        peer.see([peer.member(), other], number: 2)
        #expect(try await peer.ask("GET", "/api/version").text.contains(#""version":"0.32.9""#))
        await peer.stop()
    }

    /// An engine that is away, and one of which little is known: the models of the others are listed.
    @Test func defectN23OneBadEngineHidesNoOthersModels() async throws {
        let peer = try await peer()
        for path in ["/api/tags", "/api/ps", "/v1/models", "/api/ps_details"] {
            let answer = try await peer.ask("GET", path)
            #expect(answer.status == 200 && answer.text.contains("tiny:latest"), "\(path): \(answer.text)")
        }
        await peer.stop()
    }

    @Test func defectN27ListsHaveTheFormOfTheirContract() async throws {
        let peer = try await peer()
        let list = try json(try await peer.ask("GET", "/v1/models").text)
        #expect(
            list["object"] as? String == "list" && (list["data"] as? [NSDictionary])?.first?["id"] as? String == "tiny:latest")
        let one = try json(try await peer.ask("GET", "/v1/models/tiny").text)
        #expect(one["object"] as? String == "model" && one["id"] as? String == "tiny")
        await peer.stop()
    }

    /// Defect D31 of ollama-herd: what is stored of a request is also told.
    @Test func defectD31ATraceTellsHowItsRequestEnded() async throws {
        let peer = try await peer { facts in
            facts.shards.own = { _ in
                var row = TraceRow(requestID: "r", model: "m", nodeID: "desk", status: "completed", timestamp: 1)
                row.finishReason = "length"
                row.estimatedTokens = 17
                return .traces(TraceList(TracePage(rows: [row]), shard: "ab", limit: 50))
            }
        }
        let text = try await peer.ask("GET", "/dashboard/api/traces").text
        #expect(text.contains(#""finish_reason":"length""#) && text.contains(#""estimated_tokens":17"#))
        await peer.stop()
    }

    @Test func defectN24AskingForDetailsChangesNothing() async throws {
        let peer = try await peer()
        let details = try json(try await peer.ask("GET", "/api/ps_details").text)
        let row = try #require((details["models"] as? [NSDictionary])?.first)
        #expect(
            row["endpoint"] as? String == "desk" && row["name"] as? String == "tiny:latest"
                && row["context_length"] as? Int == 4096)
        // No engine listens there: nothing was asked of any.
        #expect(peer.state.counters.accepted == 0)
        await peer.stop()
    }

    @Test func defectN25ABadNumberOfDaysIsRefused() async throws {
        let peer = try await peer()
        let good = try await peer.ask("POST", "/api/aggregate_time_series_days", json: #"{"days":3,"trim_old":true}"#)
        #expect(good.text.hasPrefix(#"{"aggregated_groups":7,"days":3,"shards":{"#), "\(good.text)")
        #expect(good.text.hasSuffix(#","status":"ok","trim_old":true}"#))
        for bad in [#"{"days":0}"#, #"{"days":-3}"#, #"{"days":"x"}"#, "[", "[]"] {
            let answer = try await peer.ask("POST", "/api/aggregate_time_series_days", json: bad)
            #expect(answer.status == 400, "\(bad): \(answer.text)")
        }
        await peer.stop()
    }

    @Test func defectN31AggregatingTwiceChangesNothing() async throws {
        let peer = try await peer()
        var answers: Set<String> = []
        for _ in 0..<3 {
            answers.insert(try await peer.ask("POST", "/api/aggregate_time_series_days", json: "{}").text)
            answers.insert(try await peer.ask("GET", "/api/token_counts").text)
        }
        #expect(answers.count == 2)
        await peer.stop()
    }

    /// The first event comes at once, the next with a change; the stream ends with its client.
    @Test func defectN32TheUsageStreamBeginsWithWhatIs() async throws {
        let box = Box()
        let peer = try await peer { facts in
            facts.work = {
                var work = WorkFacts()
                var queue = WorkFacts.Queue(node: "desk", model: "tiny:latest")
                queue.inFlight = box.value
                work.queues = [queue]
                return work
            }
        }
        let text = Text()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in channel.pipeline.addHandler(Reader(text)) }
            .connect(host: "127.0.0.1", port: peer.ports.client).get()
        try await channel.writeAndFlush(ByteBuffer(string: "GET /api/usage-stream HTTP/1.1\r\nHost: x\r\n\r\n"))
        let first =
            #"data: {"token_usage_counts":{"attic":{"tiny:latest":7},"desk":{"big:70b":1,"tiny:latest":30}},"usage_counts":{}}"#
        #expect(await eventually { text.value.contains(first) })
        #expect(text.value.contains("text/event-stream"))
        box.set(2)
        #expect(await eventually { text.value.contains(#""usage_counts":{"desk":{"tiny:latest":2}}"#) })
        try await channel.close()
        await peer.stop()
    }

    /// A number that a test changes.
    private final class Box: Sendable {
        private let held = Mutex(0)
        var value: Int { held.withLock { $0 } }
        func set(_ value: Int) { held.withLock { $0 = value } }
    }

    private typealias Asked = Text

    /// What came on a connection.
    private final class Text: Sendable {
        private let held = Mutex("")
        var value: String { held.withLock { $0 } }
        func add(_ more: String) { held.withLock { $0 += more } }
    }

    private final class Reader: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        private let text: Text
        init(_ text: Text) { self.text = text }
        func channelRead(context: ChannelHandlerContext, data: NIOAny) { text.add(String(buffer: unwrapInboundIn(data))) }
    }
}
