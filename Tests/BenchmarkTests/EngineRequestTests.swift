import Testing

@testable import BenchCommand

@Suite struct EngineRequestTests {
    func parse(_ text: String) throws -> EngineRequest? {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: text.utf8.count, alignment: 1)
        bytes.copyBytes(from: text.utf8)
        // The parsed request points into these bytes; a test may leave them behind.
        return try EngineRequest.parse(UnsafeRawBufferPointer(bytes))
    }

    @Test func aRequestOfTheLoadGeneratorIsRead() throws {
        let target = LoadPlan.Target(
            name: "t", port: 1, path: "/api/chat", headers: [], dialect: "ollama", verbatim: true, models: ["bench:latest"],
            pids: [])
        let plan = LoadPlan(
            targets: [target], connections: 1, rounds: 1, windowSeconds: 1, warmSeconds: 0, streams: true, chunks: 77,
            intervalMicroseconds: 5_000, delayMicroseconds: 20)
        let bytes = RequestBytes.all(target, plan)[0]
        try bytes.withUnsafeBytes { raw in
            let request = try #require(try EngineRequest.parse(raw))
            #expect(request.length == bytes.count)
            #expect(request.route == .inference)
            #expect(request.keepsAlive)
            #expect(request.body.count == RequestBytes.bodySize)
            #expect(
                AnswerPlan(body: request.body) == AnswerPlan(streams: true, chunks: 77, interval: 5_000_000, delay: 20_000))
            for cut in 0..<bytes.count {
                #expect(try EngineRequest.parse(UnsafeRawBufferPointer(rebasing: raw[..<cut])) == nil)
            }
        }
    }

    @Test(arguments: [
        ("GET /api/version HTTP/1.1\r\n\r\n", EngineRequest.Route.version), ("GET /api/tags HTTP/1.1\r\n\r\n", .tags),
        ("GET /api/ps HTTP/1.1\r\n\r\n", .running), ("POST /api/show HTTP/1.1\r\n\r\n", .show),
        ("HEAD / HTTP/1.1\r\n\r\n", .root), ("GET /metrics HTTP/1.1\r\n\r\n", .unknown),
    ]) func routesAreKnown(text: String, route: EngineRequest.Route) throws {
        #expect(try #require(try parse(text)).route == route)
    }

    @Test func closingIsHeardAndWhatCannotBeReadIsRefused() throws {
        #expect(try #require(try parse("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")).keepsAlive == false)
        #expect(throws: BenchProblem.self) { try parse("POST /api/chat HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n") }
        #expect(throws: BenchProblem.self) { try parse("POST /api/chat HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n") }
    }

    @Test func aForeignClientGetsAUsualAnswer() {
        let bodies: [(String, AnswerPlan)] = [
            (#"{"model":"x"}"#, AnswerPlan(streams: false, chunks: 1)),
            (#"{"stream": true}"#, AnswerPlan(streams: true, chunks: 8)),
            (#"{"stream" : false}"#, AnswerPlan(streams: false, chunks: 1)),
        ]
        for (text, plan) in bodies { Array(text.utf8).withUnsafeBytes { #expect(AnswerPlan(body: $0) == plan) } }
    }
}
