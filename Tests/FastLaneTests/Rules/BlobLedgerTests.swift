import Gossip
import Testing

@testable import FastLane

@Suite struct BlobLedgerTests {
    private let now = Instant.zero + .seconds(100)
    private let a = PeerID(short: 1, low: 1)
    private let b = PeerID(short: 2, low: 2)

    @Test func theFirstDecisionCountsUntilItIsReleasedOrOld() {
        let ledger = BlobLedger()
        #expect(ledger.home(of: "c", now: now) == nil)
        #expect(ledger.claim("c", a, now: now) == a && ledger.claim("c", b, now: now) == a)
        #expect(ledger.home(of: "c", now: now + .seconds(3_599)) == a)
        #expect(ledger.home(of: "c", now: now + .seconds(3_600)) == nil)
        #expect(ledger.claim("c", b, now: now + .seconds(3_600)) == b)
        ledger.release("c")
        #expect(ledger.home(of: "c", now: now + .seconds(3_601)) == nil)
    }

    @Test func aHolderHasAllOfThem() {
        let ledger = BlobLedger()
        #expect(ledger.holder(ofAll: []) == nil && ledger.holder(ofAll: ["x"]) == nil)
        ledger.note("x", at: a)
        ledger.note("y", at: a)
        #expect(ledger.holder(ofAll: ["x", "y"]) == a && ledger.holder(ofAll: ["x", "y", "z"]) == nil)
        ledger.note("y", at: b)
        #expect(ledger.holder(ofAll: ["x", "y"]) == nil && ledger.holder(of: "y") == b)
    }

    @Test func itStaysSmall() {
        let ledger = BlobLedger()
        for number in 0..<20_000 {
            _ = ledger.claim("\(number)", a, now: now)
            ledger.note("\(number)", at: a)
        }
        let known = (0..<20_000).count { ledger.home(of: "\($0)", now: now) != nil }
        #expect(known <= 4_096 && ledger.home(of: "19999", now: now) == a)
        #expect((0..<20_000).count { ledger.holder(of: "\($0)") != nil } <= 4_096)
    }

    @Test func onlySoManyFilesPassAtOnce() {
        let ledger = BlobLedger()
        for _ in 0..<BlobLedger.maximumUnderWay { #expect(ledger.began()) }
        #expect(!ledger.began())
        ledger.ended()
        #expect(ledger.began() && !ledger.began())
    }

    @Test(arguments: [
        ("sha256:" + String(repeating: "0a", count: 32), true), ("sha256-" + String(repeating: "F", count: 64), true),
        ("sha256:" + String(repeating: "0", count: 63), false), ("sha256:" + String(repeating: "0", count: 65), false),
        ("sha256:" + String(repeating: "/", count: 64), false), ("sha512:" + String(repeating: "0", count: 64), false),
        ("", false),
        ("sha256:../../../" + String(repeating: "0", count: 55), false),
    ])
    func digests(text: String, isOne: Bool) {
        #expect(BlobDigest.canonical(text) == (isOne ? "sha256:" + text.dropFirst(7).lowercased() : nil))
    }
}
