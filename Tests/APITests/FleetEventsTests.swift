import Foundation
import Gossip
import HTTPTypes
import Hummingbird
import NIOConcurrencyHelpers
import NIOCore
import Testing

@testable import API

/// The live picture: its shape, made once for all who watch, and ended with them.
@Suite struct FleetEventsTests {
    /// Counts what was made.
    private final class Made: Sendable {
        let count = NIOLockedValueBox(0)
        func one() -> ByteBuffer {
            count.withLockedValue { count in
                count += 1
                return ByteBuffer(string: "data: \(count)\n\n")
            }
        }
    }

    /// Takes what is written until `limit` events have come, then goes away like a browser.
    private struct Browser: ResponseBodyWriter {
        struct Gone: Error {}
        let limit: Int
        let events = NIOLockedValueBox<[String]>([])

        mutating func write(_ buffer: ByteBuffer) async throws {
            let count = events.withLockedValue { events in
                events.append(String(buffer: buffer))
                return events.count
            }
            if count == limit { throw Gone() }
        }

        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }

    @Test func theShapeOfAnEvent() async throws {
        let fleet = Fleet.three()
        let frame = String(buffer: LiveFleet.frame(facts: fleet.facts, figures: MeshFigures()))
        #expect(frame.hasPrefix("data: {") && frame.hasSuffix("}\n\n") && frame.dropLast(2).allSatisfy { $0 != "\n" })
        let json = try #require(try JSONSerialization.jsonObject(with: Data(frame.dropFirst(6).utf8)) as? [String: Any])
        let nodes = try #require(json["nodes"] as? [[String: Any]])
        #expect(nodes.compactMap { $0["node_id"] as? String } == ["desk", "attic", "couch"])
        #expect(nodes.compactMap { $0["status"] as? String } == ["online", "degraded", "offline"])
        for key in [
            "thermal", "image_models", "stt_models", "embed_models", "vision_embed_models", "mlx_servers", "memory", "ollama",
        ] {
            #expect(nodes[0][key] != nil, "\(key)")
        }
        #expect((nodes[0]["ollama"] as? [String: Any])?["models_available"] == nil, "lighter than /fleet/status")
        let queues = try #require(json["queues"] as? [String: [String: Any]])
        #expect(queues["desk:llama3.2:latest"]?["in_flight"] as? Int == 1 && queues["desk:llama3.2:latest"]?["idle"] == nil)
        #expect((json["mesh"] as? [String: Any])?["self"] as? String == "desk" && json["timestamp"] is Double)
    }

    @Test func aLoadedModelThatNobodyAskedIsAnIdleQueue() async throws {
        var fleet = Fleet.three()
        var view = fleet.facts.view()
        view.members[0].hot?.loaded = []
        let quiet = view
        fleet.facts.view = { quiet }
        let frame = String(buffer: LiveFleet.frame(facts: fleet.facts, figures: MeshFigures()))
        let json = try JSONSerialization.jsonObject(with: Data(frame.dropFirst(6).utf8)) as? [String: Any]
        let queue = try #require((json?["queues"] as? [String: [String: Any]])?["desk:llama3.2:latest"])
        #expect(queue["idle"] as? Bool == true && queue["concurrency"] as? Int == 2 && queue["pending"] as? Int == 0)
    }

    @Test func onePictureForAllWhoWatch() async throws {
        let made = Made()
        let events = FleetEvents(tick: .seconds(600)) { made.one() }
        await withTaskGroup(of: String.self) { group in
            for _ in 0..<40 { group.addTask { String(buffer: await events.picture().0) } }
            for await text in group { #expect(text == "data: 1\n\n") }
        }
        #expect(made.count.withLockedValue(\.self) == 1)
        let eager = FleetEvents(tick: .zero) { made.one() }
        _ = await eager.picture()
        _ = await eager.picture()
        #expect(made.count.withLockedValue(\.self) == 3)
    }

    @Test func itEndsWhenTheBrowserGoes() async throws {
        let made = Made()
        let events = FleetEvents(tick: .milliseconds(1)) { made.one() }
        let browser = Browser(limit: 3)
        await #expect(throws: Browser.Gone.self) { try await events.body.write(browser) }
        #expect(browser.events.withLockedValue(\.self) == ["data: 1\n\n", "data: 2\n\n", "data: 3\n\n"] && events.watchers == 0)
    }

    @Test func itEndsWithItsTask() async throws {
        let events = FleetEvents(tick: .seconds(600)) { ByteBuffer(string: "data: x\n\n") }
        let task = Task { try await events.body.write(Browser(limit: .max)) }
        while events.watchers == 0 { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(events.watchers == 0)
    }

    @Test func onlySoManyMayWatch() async throws {
        let events = FleetEvents(tick: .seconds(600), maximumWatchers: 1) { ByteBuffer(string: "data: x\n\n") }
        let task = Task { try await events.body.write(Browser(limit: .max)) }
        while !events.isFull { await Task.yield() }
        let late = Browser(limit: .max)
        try await events.body.write(late)
        #expect(late.events.withLockedValue(\.isEmpty) && events.watchers == 1)
        var routes = DashboardRoutes(facts: Fleet.three().facts)
        routes.events = events
        #expect(try routes.watch().status == .serviceUnavailable)
        task.cancel()
        _ = await task.result
        #expect(try routes.watch().status == .ok)
    }
}
