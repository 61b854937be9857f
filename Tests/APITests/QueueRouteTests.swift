import Foundation
import Gossip
import HTTPTypes
import Synchronization
import Testing

@testable import API

@Suite struct QueueRouteTests {
    private func fleet(others: QueueFacts.Others = QueueFacts.Others(), _ change: @escaping @Sendable (inout QueueShare) -> Void)
        -> Fleet
    {
        var fleet = Fleet.three()
        fleet.facts.queue.own = {
            var share = QueueShare(node: "desk")
            change(&share)
            return share
        }
        fleet.facts.queue.others = { others }
        return fleet
    }

    private func sent(_ node: String = "desk", _ model: String = "llama3.2:latest", _ change: (inout QueueShare.Sent) -> Void)
        -> QueueShare.Sent
    {
        var sent = QueueShare.Sent(node: node, model: model)
        change(&sent)
        return sent
    }

    @Test func theQueueHasOllamaHerdsShape() async throws {
        let json = try #require(try await fleet { _ in }.ask(.get, "/fleet/queue").json)
        let keys = [
            "queue_depth", "pending", "in_flight", "completed", "failed", "estimated_wait_ms", "nodes_online", "queues",
            "timestamp",
        ]
        for key in keys { #expect(json[key] != nil, "\(key)") }
        #expect(json["estimated_wait_ms"] is NSNull, "nothing was measured")
        let queue = try #require((json["queues"] as? [String: Any])?["desk:llama3.2:latest"] as? [String: Any])
        let inner = [
            "pending", "in_flight", "concurrency", "model", "node_id", "backend", "completed", "failed", "rejected",
            "max_queue_depth",
            "cache_hit_rate", "warm_hit_rate", "cold_request_pct", "cache_sample_count", "stats_samples", "avg_latency_ms",
            "avg_prompt_tokens", "avg_completion_tokens", "request_type",
        ]
        for key in inner { #expect(queue[key] != nil, "\(key)") }
        #expect(queue["concurrency"] as? Int == 2 && queue["backend"] as? String == "ollama")
        #expect(queue["cache_hit_rate"] is NSNull)
    }

    /// Two entry peers sent to one machine, which says what runs there.
    @Test func theQueueSumsUpOverTheFleet() async throws {
        var attic = QueueShare(node: "attic")
        attic.sent = [
            sent {
                $0.completed = 30
                $0.failed = 2
                $0.latencySum = 60_000
                $0.promptTokens = 300
                $0.pending = 5
                $0.serviceP75 = 400
            }
        ]
        attic.rejected = 3
        var others = QueueFacts.Others()
        others.shares = [attic]
        let own = sent {
            $0.completed = 10
            $0.failed = 1
            $0.latencySum = 20_000
            $0.promptTokens = 100
            $0.completionTokens = 80
            $0.pending = 1
            $0.inFlight = 2
            $0.serviceP75 = 500
        }
        let fleet = fleet(others: others) { share in
            share.running = [.init(model: "llama3.2:latest", inFlight: 2, queued: 1)]
            share.sent = [own]
        }
        let json = try #require(try await fleet.ask(.get, "/fleet/queue").json)
        #expect(json["pending"] as? Int == 7)
        #expect(json["in_flight"] as? Int == 2)
        #expect(json["queue_depth"] as? Int == 9)
        #expect(json["completed"] as? Int == 40)
        #expect(json["failed"] as? Int == 3)
        #expect(json["rejected"] as? Int == 3)
        // 7 wait, 500 ms each, two slots.
        #expect(json["estimated_wait_ms"] as? Double == 1_750)
        let queue = try #require((json["queues"] as? [String: Any])?["desk:llama3.2:latest"] as? [String: Any])
        #expect(queue["stats_samples"] as? Int == 40)
        #expect(queue["avg_latency_ms"] as? Double == 2_000)
        #expect(queue["avg_prompt_tokens"] as? Double == 10)
        #expect(queue["avg_completion_tokens"] as? Double == 2)
    }

    /// A machine that did not answer is told of by its last report.
    @Test func aSilentMachineIsToldOfByItsReport() async throws {
        var fleet = Fleet.three()
        fleet.facts.queue.own = { QueueShare(node: "attic") }
        fleet.facts.queue.others = {
            var others = QueueFacts.Others()
            others.silent = ["desk"]
            return others
        }
        let json = try #require(try await fleet.ask(.get, "/fleet/queue").json)
        #expect(json["pending"] as? Int == 3 && json["in_flight"] as? Int == 1)
        #expect(json["silent"] as? [String] == ["desk"])
    }

    @Test func whoWaitsIsListedWithinABound() async throws {
        let fleet = fleet { share in
            share.waiting = (1...300).map { place in
                QueueShare.Waiting(
                    request_id: "r\(place)", at: "desk", model: "llama3.2:latest", node_id: "desk", class: "interactive",
                    reason: "busy", position: place, waited_ms: 12, estimated_wait_ms: place == 1 ? nil : 1_500,
                    gives_up_in_ms: 29_000)
            }
        }
        let json = try #require(try await fleet.ask(.get, "/fleet/queue").json)
        let waiting = try #require(json["waiting"] as? [[String: Any]])
        #expect(waiting.count == 256)
        #expect(waiting[1]["request_id"] as? String == "r2" && waiting[1]["position"] as? Int == 2)
        #expect(waiting[1]["class"] as? String == "interactive" && waiting[1]["estimated_wait_ms"] as? Int == 1_500)
        #expect(waiting[0]["estimated_wait_ms"] is NSNull)
    }

    @Test func limitsHaveOllamaHerdsShape() async throws {
        let json = try #require(try await fleet { _ in }.ask(.get, "/fleet/limits").json)
        #expect(json["max_retries"] as? Int == 2)
        #expect(json["hot_model_cap"] as? Int == 3 && json["timestamp"] is Double)
        #expect(json["mlx_max_inflight_per_model"] as? Int == 0 && json["mlx_max_queue_depth"] as? Int == 0)
        let desk = try #require((json["nodes"] as? [[String: Any]])?.first)
        #expect(desk["node_id"] as? String == "desk" && desk["status"] as? String == "online")
        #expect(desk["free_slots"] as? Int == 1 && desk["models_loaded"] as? Int == 1)
    }

    @Test func peersAloneAskForAShare() async throws {
        var fleet = Fleet.three()
        fleet.face = .mesh
        fleet.facts.queueShare = { Array(#"{"node":"desk"}"#.utf8) }
        #expect(try await fleet.ask(.post, "/herd/v1/queue").status == 403)
        var headers = HTTPFields()
        headers[try #require(HTTPField.Name("X-Herd-Fleet"))] = "secret"
        let answer = try await fleet.ask(.post, "/herd/v1/queue", headers: headers)
        #expect(answer.status == 200 && answer.text == #"{"node":"desk"}"#)
    }
}

@Suite struct LoadRouteTests {
    @Test func peersAloneAskWhereAModelIsLoaded() async throws {
        var fleet = Fleet.three()
        fleet.face = .mesh
        fleet.facts.claimLoad = { $0 == Array("{}".utf8) ? Array(#"{"model":"1","peer":"2"}"#.utf8) : nil }
        #expect(try await fleet.ask(.post, "/herd/v1/loads", body: "{}").status == 403)
        var headers = HTTPFields()
        headers[try #require(HTTPField.Name("X-Herd-Fleet"))] = "secret"
        let answer = try await fleet.ask(.post, "/herd/v1/loads", body: "{}", headers: headers)
        #expect(answer.status == 200 && answer.text == #"{"model":"1","peer":"2"}"#)
        #expect(try await fleet.ask(.post, "/herd/v1/loads", body: "no", headers: headers).status == 400)
        let long = String(repeating: "x", count: 1_025)
        #expect(try await fleet.ask(.post, "/herd/v1/loads", body: long, headers: headers).status == 413)
    }
}

@Suite struct DrainRouteTests {
    private final class Orders: Sendable {
        let all = Mutex<[String]>([])
    }

    private func fleet(_ orders: Orders) -> Fleet {
        var fleet = Fleet.three()
        fleet.facts.drain.order = { node, drained in
            orders.all.withLock { $0.append("\(node ?? "-") \(drained)") }
            return switch node {
            case "ghost": .unknownNode(known: ["desk", "attic"])
            case "full": .refused("nothing was changed: there are too many settings")
            default: .done(node: node ?? "desk", scope: "fleet")
            }
        }
        fleet.facts.drain.list = {
            [DrainFacts.Drained(node_id: "attic", by: "desk", since: 5, draining: true, in_flight: 2, queued: 0)]
        }
        return fleet
    }

    @Test func nodesAreDrainedAndServeAgain() async throws {
        let orders = Orders()
        let fleet = fleet(orders)
        var json = try await fleet.ask(.post, "/fleet/drain").json
        #expect(json?["status"] as? String == "draining" && json?["node_id"] as? String == "desk")
        json = try await fleet.ask(.post, "/fleet/undrain", body: #"{"node_id":"attic"}"#).json
        #expect(json?["status"] as? String == "serving" && json?["scope"] as? String == "fleet")
        #expect(orders.all.withLock { $0 } == ["- true", "attic false"])
        let list = try await fleet.ask(.get, "/fleet/drain").json?["drained"] as? [[String: Any]]
        #expect(list?.first?["node_id"] as? String == "attic" && list?.first?["in_flight"] as? Int == 2)
    }

    @Test func aHeartbeatDrainsAsOllamaHerdDoes() async throws {
        let orders = Orders()
        let fleet = fleet(orders)
        let answer = try await fleet.ask(.post, "/heartbeat", body: #"{"node_id":"attic","draining":true,"cpu":{}}"#)
        #expect(answer.status == 200 && answer.json?["status"] as? String == "draining")
        #expect(try await fleet.ask(.post, "/heartbeat", body: #"{"node_id":"attic","cpu":{}}"#).status == 400)
        #expect(orders.all.withLock { $0 } == ["attic true"])
    }

    @Test func badOrdersAreSaidSo() async throws {
        let fleet = fleet(Orders())
        let ghost = try await fleet.ask(.post, "/fleet/drain", body: #"{"node_id":"ghost"}"#)
        #expect(ghost.status == 404 && ghost.text.contains("desk, attic"))
        #expect(try await fleet.ask(.post, "/fleet/drain", body: #"{"node_id":"full"}"#).status == 409)
        for body in ["[", "7", #"{"node_id":3}"#] {
            #expect(try await fleet.ask(.post, "/fleet/drain", body: body).status == 400)
        }
        #expect(try await fleet.ask(.post, "/fleet/drain", body: String(repeating: " ", count: 70_000)).status == 413)
    }
}
