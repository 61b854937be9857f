import Foundation
import Testing

@testable import Access

/// A key, its text, and how the fleet's settings carry it.
@Suite struct ClientKeyTests {
    @Test func aKeysTextLeadsToItAndIsNotInIt() throws {
        let sample = try Sample()
        #expect(sample.text.utf8.count == 76 && sample.text.hasPrefix("hp-\(sample.key.id)-"))
        #expect(ClientKey.id(in: sample.text) == sample.key.id)
        #expect(ClientKey.digest(of: sample.text) == sample.key.digest)
        let secret = sample.text.dropFirst(12)
        #expect(!sample.key.settingValue.contains(secret))
        #expect(sample.key.settingKey == "client-key/\(sample.key.id)")
    }

    @Test func theDigestIsSHA256() {
        // FIPS 180-2, the example "abc".
        #expect(
            HexDigits.text(ClientKey.digest(of: "abc"))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func noTwoKeysAreAlike() throws {
        let made = try (0..<50).map { _ in try ClientKey.make(name: "a", scopes: [.infer], limits: KeyLimits(), nowSeconds: 0) }
        #expect(Set(made.map(\.text)).count == 50 && Set(made.map(\.key.digest)).count == 50)
    }

    @Test func aSettingBringsAllOfIt() throws {
        let limits = KeyLimits(concurrency: 4, requestsPerMinute: 60, tokensPerDay: 200_000)
        let sample = try Sample("ci.build-2_x", scopes: [.manage, .infer], limits: limits)
        let read = try #require(ClientKey(settingKey: sample.setting.key, value: sample.setting.value))
        #expect(read == sample.key)
        #expect(sample.setting.value.utf8.count <= 400)
        let revoked = sample.key.revoked(atSeconds: 1_760_000_000)
        let again = try #require(ClientKey(settingKey: revoked.settingKey, value: revoked.settingValue))
        #expect(again == revoked && again.isRevoked && again.digest.isEmpty && again.scopes.isEmpty)
        // Whoever keeps the settings learns nothing of a revoked key but that it was there.
        #expect(!revoked.settingValue.contains("sha256"))
        // The first revocation counts.
        #expect(revoked.revoked(atSeconds: 1_770_000_000) == revoked)
    }

    @Test(arguments: [
        "", "a b", "-a", ".a", "a\"b", "a\\b", "ä", "a/b", "key:x", "0123abcd", "deadbeef", String(repeating: "x", count: 65),
    ])
    func namesThatCannotBe(name: String) {
        #expect(throws: ClientKeyProblem.name) {
            try ClientKey.make(name: name, scopes: [.infer], limits: KeyLimits(), nowSeconds: 0)
        }
    }

    @Test func otherPartsThatCannotBe() {
        func make(_ scopes: Set<Scope>, _ limits: KeyLimits) throws {
            _ = try ClientKey.make(name: "a", scopes: scopes, limits: limits, nowSeconds: 0)
        }
        #expect(throws: ClientKeyProblem.scopes) { try make([], KeyLimits()) }
        for limits in [
            KeyLimits(concurrency: 0), KeyLimits(concurrency: 10_001), KeyLimits(requestsPerMinute: -1),
            KeyLimits(requestsPerMinute: 1_000_001), KeyLimits(tokensPerDay: 0), KeyLimits(tokensPerDay: .max),
        ] {
            let problem = #expect(throws: ClientKeyProblem.self) { try make([.infer], limits) }
            #expect(problem?.description.contains("whole number from 1") == true)
        }
    }

    @Test(arguments: [
        "", "{}", "[]", "null", "{\"v\":1}", #"{"v":2,"id":"ID","name":"a","sha256":"D","scopes":["infer"],"created":0}"#,
        #"{"v":1,"id":"ID","name":"a\"b","sha256":"D","scopes":["infer"],"created":0}"#,
        #"{"v":1,"id":"ID","name":"a","sha256":"abcd","scopes":["infer"],"created":0}"#,
        #"{"v":1,"id":"ID","name":"a","sha256":"D","scopes":["fly"],"created":0}"#,
        #"{"v":1,"id":"ID","name":"a","sha256":"D","scopes":["infer"],"created":0,"concurrency":0}"#,
        #"{"v":1,"id":"ID","name":"a","sha256":"D","scopes":["infer"],"created":0,"tokens_per_day":"many"}"#,
        #"{"v":1,"id":"00000000","name":"a","sha256":"D","scopes":["infer"],"created":0}"#,
        #"{"v":1,"id":"ID","name":"a b","created":0,"revoked":1}"#,
    ])
    func settingsThatAreNoKeysLockTheFleetAndLetNobodyIn(text: String) throws {
        let value = text.replacingOccurrences(of: "ID", with: "89abcdef")
            .replacingOccurrences(of: "\"D\"", with: "\"\(String(repeating: "0", count: 64))\"")
        #expect(ClientKey(settingKey: "client-key/89abcdef", value: value) == nil)
        let ring = ClientKeyRing(settings: [("client-key/89abcdef", value)])
        #expect(ring.isInForce && ring.keys.isEmpty && ring.unreadable == 1)
    }

    @Test func scopesOfLaterVersionsAreLeftOut() throws {
        let value =
            #"{"v":1,"id":"89abcdef","name":"a","scopes":["fly","infer"],"created":5,"sha256":""#
            + String(repeating: "0", count: 64) + #"","colour":"red"}"#
        let key = try #require(ClientKey(settingKey: "client-key/89abcdef", value: value))
        #expect(key.scopes == [.infer] && key.createdSeconds == 5)
    }

    /// Settings come from other peers: whatever is in them, nothing breaks, and nobody gets in by it.
    @Test func brokenSettingsBreakNothing() throws {
        let sample = try Sample(limits: KeyLimits(concurrency: 3, requestsPerMinute: 7, tokensPerDay: 9))
        var random = Counting(state: 7)
        for _ in 0..<3_000 {
            var bytes = Array(sample.setting.value.utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: at)
                default: bytes.insert(UInt8.random(in: 32...126, using: &random), at: at)
                }
            }
            let value = String(decoding: bytes, as: UTF8.self)
            let ring = ClientKeyRing(settings: [(sample.setting.key, value)])
            #expect(ring.isInForce && ring.keys.count + ring.unreadable == 1)
            for key in ring.keys { #expect(ClientKey.isName(key.name) && (key.isRevoked || key.digest.count == 32)) }
        }
    }
}
