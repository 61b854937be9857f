import ArgumentParser
import Foundation
import Testing

@testable import Program

@Suite struct CommandTextTests {
    private let narrow = Screen(isTerminal: true, columns: 60, rows: 24, environment: ["NO_COLOR": "1"])

    @Test func healthEndsAsTheWorstFindingSays() throws {
        func reply(_ severities: String...) throws -> HealthReply {
            let long = String(repeating: "word ", count: 30)
            let findings = severities.map {
                #"{"check_id":"x","severity":"\#($0)","title":"T","description":"D \#(long)","fix":"F","node_id":"attic"}"#
            }
            let json =
                #"{"vitals":{"nodes_total":2,"nodes_online":1,"total_requests_24h":7,"#
                + #""overall_error_rate_pct":0.5,"health_score":70},"#
                + #""recommendations":[\#(findings.joined(separator: ","))],"#
                + #""shards":{"answered":1,"total":2,"missing":[{"node_id":"attic","reason":"out of sight"}]}}"#
            return try JSONDecoder().decode(HealthReply.self, from: Data(json.utf8))
        }
        #expect(try reply().exitStatus == 0)
        #expect(try reply("info").exitStatus == 0)
        #expect(try reply("warning", "info").exitStatus == 1)
        #expect(try reply("critical", "warning").exitStatus == 2)
        let text = HealthText(reply: try reply("critical", "warning", "warning"), screen: narrow)
        #expect(text.headline.contains("1 critical, 2 warnings") && text.headline.contains("70 of 100"))
        #expect(text.whole.contains("To do: F") && text.whole.contains("Without the shard of attic: out of sight."))
        let lines: [Substring] = text.whole.split(separator: "\n")
        #expect(lines.dropFirst().allSatisfy { $0.count <= 60 })
        #expect(text.short(2).last == "and 1 more: herd-peer health")
        #expect(HealthText(reply: try reply(), screen: narrow).headline.contains("nothing to complain about"))
    }

    @Test func modelsStandByMachine() throws {
        func model(_ name: String, _ size: Double, loaded: Bool) -> String {
            #"{"name":"\#(name):latest","display_name":"\#(name)","size_gb":\#(size),"parameter_size":"3B","quantization":"Q4","#
                + #""days_unused":null,"loaded_in_vram":\#(loaded),"pinned":false}"#
        }
        let json =
            #"{"nodes":[{"node_id":"desk","models":[\#(model("b", 2, loaded: true)),\#(model("a", 0.5, loaded: false))],"#
            + #""total_size_gb":2.5,"disk_available_gb":100},"#
            + #"{"node_id":"attic","models":[\#(model("b", 2, loaded: false))],"total_size_gb":2,"disk_available_gb":null}],"#
            + #""shards":{"answered":2,"total":2,"missing":[]}}"#
        let reply = try JSONDecoder().decode(ModelsReply.self, from: Data(json.utf8))
        let lines = reply.table(node: nil, isLoaded: false).text.split(separator: "\n")
        #expect(
            lines.dropFirst().map { $0.split(separator: " ").prefix(2).joined(separator: " ") } == [
                "a desk", "b attic", "b desk",
            ])
        #expect(lines[3].contains("loaded  2.0 GB"))
        #expect(reply.table(node: "attic", isLoaded: true).isEmpty)
        #expect(reply.machines[0].hasPrefix("attic: 1 model, 2") && !reply.machines[0].contains("disk"))
        #expect(reply.machines[1].hasPrefix("desk: 2 models, 2.5 GB, 100"))
    }

    @Test func anExplanationHasTheBestFirstAndOnlySignalsThatCount() throws {
        let json = """
            {"model":"m","path":"/api/chat","winner":"desk","decision":"desk would answer","model_known":true,"others_wait":false,
             "estimated_tokens":3,
             "candidates":[
               {"rank":1,"node_id":"desk","peer":"01","model":"m","backend":"ollama","backend_kind":"ollama","score":61.25,
                "signals":{"thermal":50,"queue":0,"wait":11.25},"record_age_ms":80,"own_delta":0,"busy":false},
               {"rank":2,"node_id":"attic","peer":"02","model":"m","backend":"ollama","backend_kind":"ollama","score":-3,
                "signals":{"thermal":10,"queue":0,"wait":-13},"record_age_ms":1200,"own_delta":0,"busy":true}],
             "eliminated":[{"node_id":"couch","peer":"03","reason":"memory","detail":"has too little memory"}]}
            """
        let text = try JSONDecoder().decode(ExplainReply.self, from: Data(json.utf8)).text(.plain)
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines[0] == "desk would answer")
        #expect(lines[1].contains("THERMAL") && lines[1].contains("WAIT") && !lines[1].contains("QUEUE"))
        #expect(lines[2].hasPrefix("1") && lines[2].contains("61.3") && lines[2].contains("80 ms ago"))
        #expect(lines[3].hasPrefix("2") && lines[3].contains("-13") && lines[3].hasSuffix("busy"))
        #expect(lines[5].contains("couch") && lines[5].hasSuffix("has too little memory"))
    }

    @Test(arguments: [
        ("/api/chat", "messages"), ("/v1/chat/completions", "messages"), ("/v1/messages", "messages"),
        ("/api/generate", "prompt"),
        ("/v1/completions", "prompt"), ("/api/embed", "input"), ("/v1/responses", "input"),
    ])
    func aQuestionHasTheFieldOfItsRoute(path: String, field: String) throws {
        let command = try ExplainCommand.parse(["m", "--path", path, "--num-ctx", "4096", "--fallback", "n"])
        let body = try #require(try JSONSerialization.jsonObject(with: try command.request()) as? [String: Any])
        #expect(body["model"] as? String == "m")
        #expect(body[field] != nil)
        #expect(["messages", "prompt", "input"].filter { body[$0] != nil } == [field])
        #expect(body["fallback_models"] as? [String] == ["n"])
    }

    @Test func whatIsMissingIsSaid() {
        #expect(throws: (any Error).self) { try DeleteCommand.parse(["m"]) }
        #expect(throws: (any Error).self) { try DeleteCommand.parse(["m", "--node", "a", "--all"]) }
        #expect(throws: (any Error).self) { try ExplainCommand.parse([]) }
        #expect(throws: (any Error).self) { try TracesCommand.parse(["--sql", "SELECT 1", "--follow"]) }
    }
}
