import Testing

@testable import Access

@Suite struct ClientKeyRingTests {
    @Test func onlyTheWholeTextMatches() throws {
        let (one, two) = (try Sample("one", seed: 1), try Sample("two", seed: 2))
        let ring = ClientKeyRing(settings: [one.setting, two.setting, ("max_retries", "1")])
        #expect(ring.keys.map(\.name) == ["one", "two"] && ring.unreadable == 0)
        #expect(ring.key(id: one.key.id, digest: ClientKey.digest(of: one.text))?.name == "one")
        // The other key's id with this key's secret is neither.
        #expect(ring.key(id: two.key.id, digest: ClientKey.digest(of: one.text)) == nil)
        for at in one.text.indices {
            var text = one.text
            text.replaceSubrange(at...at, with: text[at] == "0" ? "1" : "0")
            #expect(ring.key(id: one.key.id, digest: ClientKey.digest(of: text)) == nil)
        }
    }

    @Test func aRevokedKeyMatchesNothing() throws {
        let sample = try Sample()
        let revoked = sample.key.revoked(atSeconds: 9)
        let ring = ClientKeyRing(settings: [(revoked.settingKey, revoked.settingValue)])
        #expect(ring.isInForce, "revoking the last key must not open the fleet")
        #expect(ring.key(id: sample.key.id, digest: ClientKey.digest(of: sample.text)) == nil)
        #expect(ring.key(id: sample.key.id, digest: []) == nil)
        #expect(ring.key(id: sample.key.id, digest: [UInt8](repeating: 0, count: 32)) == nil)
        #expect(ring.key(id: "00000000", digest: [UInt8](repeating: 0, count: 32)) == nil)
    }

    @Test func keysAreFoundByNameAndID() throws {
        let (one, two, three) = (try Sample("a", seed: 1), try Sample("a", seed: 2), try Sample("a", seed: 3))
        let gone = three.key.revoked(atSeconds: 1)
        let ring = ClientKeyRing(settings: [one.setting, two.setting, (gone.settingKey, gone.settingValue)])
        // Two sides of a partition can each make one of a name.
        #expect(Set(ring.named("a").map(\.id)) == [one.key.id, two.key.id])
        #expect(ring.named(two.key.id) == [two.key])
        #expect(ring.named(gone.id) == [gone])
        #expect(ring.named("b").isEmpty)
    }

    @Test func withoutKeysNothingIsInForce() {
        #expect(!ClientKeyRing().isInForce)
        #expect(!ClientKeyRing(settings: [("max_retries", "1"), ("client-keys", "x")]).isInForce)
    }

    @Test func comparesAreOfWholeValues() {
        #expect(ConstantTime.equal([1, 2, 3], [1, 2, 3]) && ConstantTime.equal([], []))
        #expect(!ConstantTime.equal([1, 2, 3], [1, 2, 4]) && !ConstantTime.equal([0, 2, 3], [1, 2, 3]))
        #expect(!ConstantTime.equal([1, 2], [1, 2, 3]) && !ConstantTime.equal([1, 2, 3], []))
    }
}
