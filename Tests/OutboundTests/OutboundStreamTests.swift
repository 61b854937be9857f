import HTTPStub
import Outbound
import Testing

@Suite struct OutboundStreamTests {
    private func eventually(_ condition: () -> Bool) async -> Bool {
        let end = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < end {
            if condition() { return true }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return condition()
    }

    @Test func theHeadComesBeforeTheBody() async throws {
        let stub = try HTTPStub { _ in .parts([(.milliseconds(100), Array("one".utf8)), (.milliseconds(100), Array("two".utf8))])
        }
        let (head, body) = try await OutboundClient().stream(OutboundRequest(url: stub.url))
        #expect(head.status == 200)
        #expect(head.header("transfer-encoding") == "chunked")
        var text = ""
        for try await chunk in body { text += String(decoding: chunk, as: UTF8.self) }
        #expect(text == "onetwo")
    }

    @Test func aSlowReaderHoldsTheSender() async throws {
        let size = 12 << 20
        let stub = try HTTPStub { _ in .text(String(repeating: "x", count: size)) }
        let client = OutboundClient()
        let (_, body) = try await client.stream(OutboundRequest(url: stub.url), buffer: 64 << 10)
        var iterator = body.makeAsyncIterator()
        var total = try await iterator.next(isolation: nil)?.count ?? 0
        // Others are served while this one waits.
        let other = try HTTPStub { _ in .text("quick") }
        #expect(try await client.send(OutboundRequest(url: other.url)).text == "quick")
        // The sender cannot have got rid of all: the connection is in use still.
        #expect(stub.open == 1)
        while let chunk = try await iterator.next(isolation: nil) {
            #expect(chunk.count <= 128 << 10)
            total += chunk.count
        }
        #expect(total == size)
    }

    @Test func anEmptyBody() async throws {
        let stub = try HTTPStub { _ in .reply(status: 204, headers: [:], body: "") }
        let (head, body) = try await OutboundClient().stream(OutboundRequest(url: stub.url))
        #expect(head.status == 204)
        for try await _ in body { Issue.record("a chunk of nothing") }
    }

    @Test func aCutAnswerEndsInAnError() async throws {
        let stub = try HTTPStub { _ in .broken(length: 100, body: "abc") }
        let (_, body) = try await OutboundClient().stream(OutboundRequest(url: stub.url))
        var text = ""
        do throws(OutboundError) {
            for try await chunk in body { text += String(decoding: chunk, as: UTF8.self) }
            Issue.record("no error")
        } catch {
            #expect(error == .cutShort(place: stub.url))
        }
        #expect(text == "abc")
    }

    @Test func failureBeforeTheHead() async throws {
        let stub = try HTTPStub { _ in .hangUp }
        stub.stop()
        await #expect(throws: OutboundError.connectionRefused(place: stub.url)) {
            _ = try await OutboundClient().stream(OutboundRequest(url: stub.url))
        }
    }

    @Test func lettingGoOfTheBodyEndsTheTransfer() async throws {
        let stub = try HTTPStub { _ in .parts(Array(repeating: (.milliseconds(20), [65]), count: 500)) }
        let client = OutboundClient()
        func start() async throws -> Int { try await client.stream(OutboundRequest(url: stub.url)).head.status }
        #expect(try await start() == 200)
        #expect(await eventually { stub.open == 0 })
    }

    @Test func cancellingTheReaderEndsTheTransfer() async throws {
        let stub = try HTTPStub { _ in .parts([(.zero, [65]), (.seconds(30), [66])]) }
        let (_, body) = try await OutboundClient().stream(OutboundRequest(url: stub.url))
        let task = Task {
            var seen = 0
            do throws(OutboundError) {
                for try await chunk in body { seen += chunk.count }
                return (seen, nil as OutboundError?)
            } catch {
                return (seen, error)
            }
        }
        let began = ContinuousClock.now
        task.cancel()
        let (seen, error) = await task.value
        #expect(error == .cancelled)
        #expect(seen <= 1)
        #expect(ContinuousClock.now - began < .seconds(20))
    }

    @Test func closingEndsStreams() async throws {
        let stub = try HTTPStub { _ in .parts([(.zero, [65]), (.seconds(30), [66])]) }
        let client = OutboundClient()
        let (_, body) = try await client.stream(OutboundRequest(url: stub.url))
        client.close()
        await #expect(throws: OutboundError.closed) {
            for try await _ in body {}
        }
    }
}
