import Foundation
import HTTPStub
import Outbound
import Testing

@Suite struct OutboundClientTests {
    /// Waits until something is so, at most ten seconds.
    private func eventually(_ condition: () -> Bool) async -> Bool {
        let end = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < end {
            if condition() { return true }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return condition()
    }

    private func failure(_ client: OutboundClient, _ request: OutboundRequest) async -> OutboundError? {
        do throws(OutboundError) {
            _ = try await client.send(request)
            return nil
        } catch {
            return error
        }
    }

    @Test func getsHeadAndBody() async throws {
        let stub = try HTTPStub { _ in .json("{\"a\":1}", status: 201, headers: ["X-One": " two "]) }
        let client = OutboundClient()
        let answer = try await client.send(OutboundRequest(url: stub.url + "/a/b?c=d"))
        #expect(answer.status == 201)
        #expect(answer.text == "{\"a\":1}")
        #expect(answer.header("x-one") == "two")
        #expect(answer.header("content-type") == "application/json")
        #expect(stub.lines == ["GET /a/b?c=d"])
        #expect(stub.log.first?.headers["host"] == "127.0.0.1:\(stub.port)")
    }

    @Test func postsABodyWithHeaders() async throws {
        let stub = try HTTPStub { request in .text(request.method + " " + request.body) }
        let client = OutboundClient()
        let headers = [(name: "Content-Type", value: "application/json"), (name: "X-Empty", value: "")]
        let body = Array(String(repeating: "ä", count: 50_000).utf8)
        let answer = try await client.send(OutboundRequest("POST", url: stub.url, headers: headers, body: body))
        #expect(answer.text.utf8.count == 5 + body.count)
        let request = try #require(stub.log.first)
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.headers["x-empty"] == "")
        #expect(request.headers["expect"] == nil)
        #expect(request.headers["content-length"] == "\(body.count)")
    }

    @Test(arguments: ["HEAD", "DELETE", "PUT", "POST"])
    func otherMethods(_ method: String) async throws {
        let stub = try HTTPStub { _ in .text("hello") }
        let answer = try await OutboundClient().send(OutboundRequest(method, url: stub.url + "/x"))
        #expect(stub.lines == ["\(method) /x"])
        #expect(answer.text == (method == "HEAD" ? "" : "hello"))
    }

    @Test func keepsItsConnection() async throws {
        let stub = try HTTPStub { _ in .text("x") }
        let client = OutboundClient()
        for _ in 0..<20 { _ = try await client.send(OutboundRequest(url: stub.url)) }
        #expect(stub.opened == 1)
    }

    @Test func manyAtOnce() async throws {
        let stub = try HTTPStub { .text($0.path) }
        let client = OutboundClient()
        let sum = try await withThrowingTaskGroup(of: Int.self) { group in
            for n in 0..<60 {
                group.addTask { Int(try await client.send(OutboundRequest(url: stub.url + "/\(n)")).text.dropFirst()) ?? -1000 }
            }
            return try await group.reduce(0, +)
        }
        #expect(sum == 59 * 60 / 2)
    }

    @Test func doesNotFollowRedirects() async throws {
        let stub = try HTTPStub { _ in .reply(status: 302, headers: ["Location": "/elsewhere"], body: "") }
        let answer = try await OutboundClient().send(OutboundRequest(url: stub.url))
        #expect(answer.status == 302)
        #expect(stub.lines == ["GET /"])
    }

    @Test func refusedConnectionHasClearWords() async throws {
        let stub = try HTTPStub { _ in .hangUp }
        stub.stop()
        let error = await failure(OutboundClient(), OutboundRequest(url: stub.url + "/secret?key=1"))
        #expect(error == .connectionRefused(place: stub.url))
        #expect(error?.description == "nothing listens at \(stub.url) (connection refused)")
    }

    @Test func silenceEndsInATimeOut() async throws {
        let stub = try HTTPStub { _ in .silence }
        var request = OutboundRequest(url: stub.url)
        request.timeout = .milliseconds(150)
        let began = ContinuousClock.now
        #expect(await failure(OutboundClient(), request) == .timedOut(place: stub.url))
        let took = ContinuousClock.now - began
        #expect(took >= .milliseconds(140))
        #expect(took < .seconds(20))
    }

    @Test func tooLargeBodiesAreStopped() async throws {
        let stub = try HTTPStub { _ in .text(String(repeating: "x", count: 100_001)) }
        let client = OutboundClient()
        var request = OutboundRequest(url: stub.url)
        request.maximumBytes = 100_000
        #expect(await failure(client, request) == .tooLarge(place: stub.url, limit: 100_000))
        request.maximumBytes = 100_001
        #expect(await failure(client, request) == nil)
    }

    @Test func tooLargeHeadsAreStopped() async throws {
        let stub = try HTTPStub { _ in .reply(status: 200, headers: ["X-Big": String(repeating: "x", count: 70_000)], body: "") }
        #expect(await failure(OutboundClient(), OutboundRequest(url: stub.url)) == .tooLarge(place: stub.url, limit: 65536))
    }

    @Test func brokenAnswers() async throws {
        let stub = try HTTPStub { request in
            switch request.path {
            case "/short": .broken(length: 100, body: "x")
            case "/noise": .raw("SSH-2.0-OpenSSH_9.2\r\n")
            default: .hangUp
            }
        }
        let client = OutboundClient()
        #expect(await failure(client, OutboundRequest(url: stub.url + "/short")) == .cutShort(place: stub.url))
        #expect(await failure(client, OutboundRequest(url: stub.url + "/none")) == .cutShort(place: stub.url))
        #expect(await failure(client, OutboundRequest(url: stub.url + "/noise")) == .notHTTP(place: stub.url))
    }

    @Test func cancellingEndsTheTransfer() async throws {
        let stub = try HTTPStub { _ in .silence }
        let client = OutboundClient()
        let task = Task { await failure(client, OutboundRequest(url: stub.url)) }
        #expect(await eventually { stub.lines.count == 1 && stub.open == 1 })
        task.cancel()
        #expect(await task.value == .cancelled)
        #expect(await eventually { stub.open == 0 })
    }

    @Test func aCancelledTaskSendsNothing() async throws {
        let stub = try HTTPStub { _ in .text("x") }
        let client = OutboundClient()
        let task = Task {
            // Sure to be cancelled when it sends.
            while !Task.isCancelled { await Task.yield() }
            return await failure(client, OutboundRequest(url: stub.url))
        }
        task.cancel()
        #expect(await task.value == .cancelled)
        #expect(stub.opened == 0)
    }

    @Test func closingEndsEverything() async throws {
        let stub = try HTTPStub { _ in .silence }
        let client = OutboundClient()
        let task = Task { await failure(client, OutboundRequest(url: stub.url)) }
        #expect(await eventually { stub.lines.count == 1 })
        client.close()
        client.close()
        #expect(await task.value == .closed)
        #expect(await failure(client, OutboundRequest(url: stub.url)) == .closed)
        #expect(await eventually { stub.open == 0 })
    }

    @Test func thereIsALimitOfTransfers() async throws {
        let stub = try HTTPStub { _ in .silence }
        let client = OutboundClient(maximumTransfers: 2)
        let tasks = (0..<2).map { _ in Task { await failure(client, OutboundRequest(url: stub.url)) } }
        #expect(await eventually { stub.lines.count == 2 })
        #expect(await failure(client, OutboundRequest(url: stub.url)) == .tooMany)
        for task in tasks { task.cancel() }
        for task in tasks { _ = await task.value }
        var request = OutboundRequest(url: stub.url)
        request.timeout = .milliseconds(50)
        #expect(await failure(client, request) == .timedOut(place: stub.url))
    }

    @Test(arguments: [
        "", "127.0.0.1:80", "file:///etc/passwd", "ftp://host/", "gopher://host/", "http://", "http:///path", "http://host/a b",
        "http://host/\u{0}", "http://host/\r\nX: y", "http://user:pass@host/", "http://hö.st/",
        "http://h/" + String(repeating: "a", count: 9000),
    ])
    func badURLs(_ url: String) async {
        guard case .badRequest(let text)? = await failure(OutboundClient(), OutboundRequest(url: url)) else {
            Issue.record("taken: \(url)")
            return
        }
        #expect(!text.contains("pass@"))
    }

    @Test func badMethodsAndHeaders() async {
        let client = OutboundClient()
        for method in ["", "get", "GET /", "A\r\nB"] {
            #expect(
                await failure(client, OutboundRequest(method, url: "http://127.0.0.1:1"))
                    == .badRequest("the method must be a word of upper case letters"))
        }
        for header in [
            (name: "A b", value: "x"), (name: "", value: "x"), (name: "A", value: "x\r\nB: y"), (name: "A:", value: "x"),
        ] {
            guard case .badRequest? = await failure(client, OutboundRequest(url: "http://127.0.0.1:1", headers: [header])) else {
                Issue.record("taken: \(header)")
                continue
            }
        }
    }
}
