import HTTPTypes
import Testing

@testable import API

@Suite struct OperationsTests {
    @Test func healthTellsLiveFromReady() async throws {
        var fleet = Fleet.three()
        #expect(try await fleet.ask(.get, "/health").status == 200)
        fleet.facts.obstacles = { [Obstacle(part: "backends", reason: "no engine answers; start Ollama")] }
        let unready = try await fleet.ask(.get, "/health")
        #expect(unready.status == 503)
        #expect(unready.json?["ready"] as? Bool == false)
        #expect((unready.json?["obstacles"] as? [[String: Any]])?.first?["part"] as? String == "backends")
        #expect(try await fleet.ask(.get, "/health/ready").status == 503)
        #expect(try await fleet.ask(.get, "/health/live").status == 200)
    }

    @Test func metricsAreWellFormed() async throws {
        var fleet = Fleet.three()
        fleet.facts.mesh = {
            var mesh = MeshFigures()
            mesh.datagrams = [("received", 12), ("malformed", 1)]
            return mesh
        }
        let answer = try await fleet.ask(.get, "/metrics")
        #expect(answer.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(answer.text.contains("herd_members{status=\"alive\"} 1\n"))
        #expect(answer.text.contains("herd_datagrams_total{outcome=\"malformed\"} 1\n"))
        #expect(answer.text.contains("herd_router_epoch 7\n"))
        for line in answer.text.split(separator: "\n") where !line.hasPrefix("#") {
            #expect(line.split(separator: " ").count == 2, "\(line)")
        }
    }

    @Test func labelsAreEscaped() {
        var page = PrometheusText()
        page.add("herd_x", .gauge, help: "x", samples: [([("a", "say \"hi\"\\\n")], 1.5)])
        #expect(page.text == "# HELP herd_x x\n# TYPE herd_x gauge\nherd_x{a=\"say \\\"hi\\\"\\\\\\n\"} 1.5\n")
    }
}
