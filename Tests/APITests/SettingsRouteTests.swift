import Foundation
import HTTPTypes
import NIOConcurrencyHelpers
import Testing

@testable import API

@Suite struct SettingsRouteTests {
    /// What was written, and whether by this peer alone.
    final class Ear: Sendable {
        let writes = NIOLockedValueBox<[([String], Bool)]>([])
    }

    private func fleet(_ ear: Ear = Ear(), outcome: SettingsOutcome = .fleet) -> Fleet {
        var fleet = Fleet.three()
        fleet.facts.settings = {
            var facts = SettingsFacts()
            facts.host = "0.0.0.0"
            facts.port = 11_435
            facts.entries = [
                .init(
                    key: "max_retries", value: 1, source: "fleet", configured: 2, range: 0...2, meaning: "tries", writer: "b",
                    epoch: 4),
                .init(
                    key: "ticket_wait", value: 30, source: "configuration", configured: 30, range: 0...3_600, meaning: "wait",
                    writer: nil, epoch: nil),
                .init(
                    key: "vram_fallback", value: 2, source: "configuration", configured: 2, range: 0...2, meaning: "fallback",
                    writer: nil, epoch: nil),
            ]
            return facts
        }
        fleet.facts.writeSettings = { writes, isLocal in
            ear.writes.withLockedValue { $0.append((writes.map { "\($0.key)=\($0.value ?? "nil")" }, isLocal)) }
            return outcome
        }
        return fleet
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func settingsAreShownUnderTheKnownKeys() async throws {
        let answer = try await fleet().ask(.get, "/dashboard/api/settings")
        #expect(answer.status == 200)
        let body = try object(answer.text)
        let config = try #require(body["config"] as? [String: Any])
        let server = try #require(config["server"] as? [String: Any])
        #expect(server["max_retries"] as? Int == 1)
        #expect(server["port"] as? Int == 11_435)
        #expect((config["telemetry"] as? [String: Any])?["enabled"] as? Bool == false)
        #expect((body["nodes"] as? [Any])?.count == 3)
        let first = try #require((body["settings"] as? [[String: Any]])?.first)
        #expect(first["source"] as? String == "fleet" && first["writer"] as? String == "b" && first["configured"] as? Int == 2)
    }

    @Test func changesAreWritten() async throws {
        let ear = Ear()
        let answer = try await fleet(ear).ask(
            .post, "/dashboard/api/settings", body: #"{"ticket_wait":"45","max_retries":null,"auto_pull":true}"#)
        #expect(answer.status == 200)
        let body = try object(answer.text)
        #expect(body["status"] as? String == "updated")
        #expect(body["scope"] as? String == "fleet")
        #expect(body["ignored"] as? [String] == ["auto_pull"])
        #expect((body["restart_required"] as? [Any])?.isEmpty == true)
        let updated = try #require(body["updated"] as? [String: Any])
        #expect(updated["ticket_wait"] as? Int == 45 && updated["max_retries"] is NSNull)
        let writes = ear.writes.withLockedValue { $0 }
        #expect(writes.map(\.0) == [["max_retries=nil", "ticket_wait=45"]])
        #expect(writes.map(\.1) == [false])
    }

    /// What is a truth for ollama-herd may be written as one.
    @Test func ollamaHerdsTogglesTakeTruths() async throws {
        let ear = Ear()
        for body in [#"{"vram_fallback":true}"#, #"{"vram_fallback":false}"#, #"{"vram_fallback":2}"#] {
            #expect(try await fleet(ear).ask(.post, "/dashboard/api/settings", body: body).status == 200)
        }
        let written = ear.writes.withLockedValue { $0.map(\.0) }
        #expect(written == [["vram_fallback=1"], ["vram_fallback=0"], ["vram_fallback=2"]])
    }

    @Test func aLocalWriteSaysSo() async throws {
        let ear = Ear()
        let answer = try await fleet(ear, outcome: .local).ask(
            .post, "/dashboard/api/settings?scope=local", body: #"{"max_retries":0}"#)
        let body = try object(answer.text)
        #expect(body["scope"] as? String == "local")
        #expect(ear.writes.withLockedValue { $0.map(\.1) } == [true])
    }

    @Test(arguments: [
        "", "[]", "{\"max_retries\":3}", "{\"max_retries\":-1}", "{\"max_retries\":1.5}", "{\"max_retries\":\"many\"}",
        "{\"max_retries\":[1]}", "{\"nonsense\":1}", "{\"max_retries\":true}",
    ])
    func whatCannotBeIsTheCallersFault(text: String) async throws {
        let ear = Ear()
        let answer = try await fleet(ear).ask(.post, "/dashboard/api/settings", body: text)
        #expect(answer.status == 400)
        let body = try object(answer.text)
        #expect(body["status"] as? String == "error")
        #expect(ear.writes.withLockedValue { $0.isEmpty })
    }

    @Test func anUnknownScopeIsRefused() async throws {
        #expect(try await fleet().ask(.post, "/dashboard/api/settings?scope=moon", body: #"{"max_retries":1}"#).status == 400)
    }

    @Test func nothingToWriteIsNoChange() async throws {
        for text in ["{}", #"{"auto_pull":false}"#] {
            let answer = try await fleet().ask(.post, "/dashboard/api/settings", body: text)
            #expect(answer.status == 200)
            let body = try object(answer.text)
            #expect(body["status"] as? String == "no_change")
        }
    }

    @Test func aRefusalOfTheMeshIsSaid() async throws {
        let answer = try await fleet(outcome: .refused("the mesh of this peer does not run")).ask(
            .post, "/dashboard/api/settings", body: #"{"max_retries":1}"#)
        #expect(answer.status == 503)
        let body = try object(answer.text)
        #expect(body["message"] as? String == "the mesh of this peer does not run")
    }
}
