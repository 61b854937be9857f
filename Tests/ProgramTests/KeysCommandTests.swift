import API
import Access
import ArgumentParser
import Foundation
import Testing

@testable import Program

@Suite struct KeysCommandTests {
    @Test func scopesComeRepeatedOrWithCommas() throws {
        #expect(try KeysAddCommand.scopes([]) == [.infer, .observe])
        #expect(try KeysAddCommand.scopes(["manage"]) == [.manage])
        #expect(try KeysAddCommand.scopes(["infer, observe", "manage"]) == [.infer, .observe, .manage])
        for bad in [["fly"], ["infer,fly"], [""], [","]] {
            #expect(throws: ClientKeyProblem.scopes) { try KeysAddCommand.scopes(bad) }
        }
    }

    @Test func theCommandLine() throws {
        let add = try #require(
            try HerdPeer.parseAsRoot([
                "keys", "add", "ci", "--scope", "infer", "--concurrency", "4", "--requests-per-minute", "60", "--tokens-per-day",
                "9", "--json", "--port", "5",
            ]) as? KeysAddCommand)
        #expect(add.name == "ci" && add.concurrency == 4 && add.requestsPerMinute == 60 && add.tokensPerDay == 9)
        #expect(add.options.json && add.options.port == "5")
        #expect(try HerdPeer.parseAsRoot(["keys", "revoke", "ci"]) is KeysRevokeCommand)
        #expect(try HerdPeer.parseAsRoot(["keys", "list"]) is KeysListCommand)
        #expect(throws: (any Error).self) { try HerdPeer.parseAsRoot(["keys", "add"]) }
    }

    @Test func theListIsATable() throws {
        #expect(KeysListCommand.text(ClientKeyList()).contains("herd-peer keys add"))
        let gate = AccessGate()
        let key = try ClientKey.make(
            name: "ci", scopes: [.infer], limits: KeyLimits(concurrency: 4, requestsPerMinute: 60, tokensPerDay: 9),
            nowSeconds: 1_750_000_000
        ).key
        let gone = try ClientKey.make(name: "old", scopes: [.infer], limits: KeyLimits(), nowSeconds: 1).key.revoked(atSeconds: 2)
        gate.take([(key.settingKey, key.settingValue), (gone.settingKey, gone.settingValue), ("client-key/?", "")])
        let text = KeysListCommand.text(ClientKeyList(gate, at: AccessTime(elapsed: .zero, unixSeconds: 0)))
        #expect(text.contains("4 at once, 60/min, 9 tokens/day") && text.contains(key.id))
        #expect(text.contains("revoked 1970-01-01") && text.contains("1 keys cannot be read"))
    }

    /// The owner's token goes to this machine alone.
    @Test(arguments: [
        ("http://127.0.0.1:11435", true), ("http://localhost:1", true), ("http://[::1]:1", true), ("http://127.9.9.9", true),
        ("http://10.0.0.7:11435", false), ("http://127.0.0.1.evil.test", false), ("http://localhost.evil.test", false),
        ("http://desk:11435", false), ("http://1270.0.0.1", false), ("http://evil.test/127.0.0.1", false),
        ("http://127.0.0.1@evil.test", false), ("nonsense", false),
    ])
    func loopback(url: String, isHere: Bool) {
        #expect(PeerOptions.isThisMachine(url) == isHere)
    }

    @Test func readOnlyManagementIsASetting() throws {
        func read(_ flags: [Setting: [String]], _ environment: [String: String]) throws -> Bool {
            try PeerConfiguration(SettingsReader(flags: flags, environment: environment, file: ""), environment: environment)
                .readOnlyManagement
        }
        #expect(try read([:], [:]) == false)
        #expect(try read([:], ["FLEET_READ_ONLY_MANAGEMENT": "true"]))
        #expect(try read([.readOnlyManagement: ["true"]], ["FLEET_READ_ONLY_MANAGEMENT": "off"]))
        #expect(throws: ConfigurationProblem.self) { try read([:], ["FLEET_READ_ONLY_MANAGEMENT": "maybe"]) }
        let serve = try #require(try HerdPeer.parseAsRoot(["serve", "--read-only-management"]) as? ServeCommand)
        #expect(serve.options.given[.readOnlyManagement] == ["true"])
        let plain = try #require(try HerdPeer.parseAsRoot(["serve"]) as? ServeCommand)
        #expect(plain.options.given[.readOnlyManagement] == nil)
    }
}
