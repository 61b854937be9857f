import Gossip
import Testing

@testable import Mesh

/// A rotation that was begun on an old ring goes on upon the newer one.
@Suite struct KeyRingContinuingTests {
    @Test func aRotationBegunByOneThatJoinedByTokenIsNotLost() throws {
        let first = try KeyRing.create(fleet: "home", nowSeconds: 1)
        let joined = KeyRing(joining: first.joinToken, nowSeconds: 2)
        let rotating = try joined.revoking(PeerID(short: 9, low: 9), pin: nil).installingNewKey(nowSeconds: 3)
        let waiting = try #require(rotating.keys.first { $0.stage == .installed })
        let half = try first.installingNewKey(nowSeconds: 4)
        let later = try half.using(try #require(half.keys.last?.id), nowSeconds: 5)
        for newer in [first, later] {
            let both = newer.continuing(rotating)
            #expect(both.version > newer.version)
            #expect(both.keys.contains { $0.id == waiting.id && $0.stage == .installed })
            #expect(both.active.id == newer.active.id)
            #expect(both.hasRevoked(PeerID(short: 9, low: 9)) && both.isPurging)
            #expect(both.continuing(rotating) == both, "once is enough")
        }
        #expect(first.continuing(joined) == first, "nothing was begun")
    }
}
