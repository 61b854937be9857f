import API
import Foundation
import Testing

@testable import Program

@Suite struct OutputTests {
    @Test func columnsAreAsWideAsTheirWidestCell() {
        var table = Table(["NODE", "STATUS"])
        table.add(["attic", "online"])
        table.add(["a", ""])
        #expect(table.text == "NODE   STATUS\nattic  online\na")
    }

    @Test(arguments: [(0.4, "0 ms"), (80, "80 ms"), (3_240, "3.2 s"), (61_000, "1 min")])
    func timesReadShort(milliseconds: Double, text: String) {
        #expect(Terminal.time(milliseconds: milliseconds) == text)
    }

    @Test func theFleetIsATable() throws {
        let json = """
            {"fleet":{"nodes_total":2,"nodes_online":1,"models_loaded":1,"requests_active":0},
             "nodes":[{"node_id":"desk","status":"online","cpu":{"utilization_pct":12.4},
               "memory":{"total_gb":16,"available_gb":8},
               "backends":[{"id":"ollama","kind":"ollama","reachable":false,"problem":"refused"}],
               "ollama":{"models_available":["m"]},
               "models_loaded_count":1,"free_slots":1,"draining":false,"is_self":true}],
             "mesh":{"self":"desk","router":null,"members":[{"node_id":"desk","id":"01","status":"alive"}],"fleet":"home",
               "open_fleet":true,"discovery":"","seeds":[{"url":"http://x","state":"dialling","detail":"refused"}]},
             "warnings":["open"]}
            """
        let tables = try FleetTables(Data(json.utf8))
        #expect(tables.status.hasPrefix("Fleet 'home' (open): 1 of 2 nodes online, no router at the moment\n"))
        #expect(tables.status.contains("desk *"))
        #expect(tables.status.contains("desk: ollama is not reachable: refused"))
        #expect(tables.status.contains("--router-url http://x: dialling, refused"))
        #expect(tables.status.contains("Warning: open"))
        #expect(!tables.status.contains("Clients need a key"))
        let access = #"{"access":{"keys_in_force":true,"keys":2,"read_only_management":true},"#
        let closed = try FleetTables(Data((access + json.dropFirst()).utf8)).status
        #expect(closed.contains("Clients need a key; 2 count") && closed.contains("--read-only-management"))
        #expect(tables.peers.contains("itself"))
    }

    @Test func tracesAreATable() {
        var row = TraceBody.Trace(
            request_id: "r", attempt: 1, model: "m", original_model: "m", node_id: "", status: "rejected", timestamp: 0)
        row.error_message = "model 'm' not found"
        let text = TracesCommand.table([row]).text
        #expect(text.contains("rejected"))
        #expect(text.contains("model 'm' not found"))
    }
}
