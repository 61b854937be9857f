import Gossip
import Testing

@testable import Mesh

/// What the router does about the keys, step by step.
@Suite struct KeyRotationTests {
    private typealias Member = KeyRotation.Member

    /// The rotation with hand-turned clocks; `#expect` cannot call what changes a value.
    private final class Router {
        var rotation = KeyRotation()
        var now = Instant.zero
        var seconds: Int64 = 1_000_000
        var ring: KeyRing

        init(_ ring: KeyRing) { self.ring = ring }

        /// Takes rings as they come; who is to be brought the last one.
        func settle(_ members: [KeyRotation.Member]) -> [PeerID] {
            for _ in 0..<20 {
                let decision = rotation.next(ring, members: members, nowSeconds: seconds, now: now)
                guard let changed = decision.ring else { return decision.bring }
                #expect(changed.isNewer(than: ring))
                ring = changed
            }
            Issue.record("it does not come to rest")
            return []
        }

        func pass(_ time: Duration) {
            now = now + time
            seconds += time.components.seconds
        }
    }

    private let a = PeerID(short: 1, low: 1)
    private let b = PeerID(short: 2, low: 2)
    private func member(_ id: PeerID, _ keys: [UInt16], reachable: Bool = true) -> Member {
        Member(id: id, isReachable: reachable, keyIDs: keys)
    }

    @Test func nothingHappensByItself() throws {
        let router = Router(try KeyRing.create(fleet: "x", nowSeconds: 0))
        let ring = router.ring
        #expect(router.settle([member(a, ring.keyIDs), member(b, ring.keyIDs)]) == [])
        router.pass(.seconds(400 * 86_400))
        #expect(router.settle([member(a, ring.keyIDs)]) == [] && router.ring == ring)
    }

    @Test func aKeyIsUsedWhenAllInReachHaveIt() throws {
        let first = try KeyRing.create(fleet: "x", nowSeconds: 0)
        let (old, router) = (first.active.id, Router(try first.installingNewKey(nowSeconds: 1)))
        let new = try #require(router.ring.keyIDs.last)
        #expect(
            router.settle([member(a, [old]), member(b, [old]), member(PeerID(short: 3, low: 3), [old], reachable: false)]) == [
                a, b,
            ])
        #expect(router.settle([member(a, [old]), member(b, [old])]) == [], "both are under way")
        router.rotation.brought(a, succeeded: true, now: router.now)
        router.rotation.brought(b, succeeded: false, now: router.now)
        router.pass(.seconds(2))
        #expect(router.settle([member(a, [old, new]), member(b, [old])]) == [b])
        #expect(router.ring.active.id == old, "b lacks it")
        router.rotation.brought(b, succeeded: true, now: router.now)
        router.pass(.seconds(2))
        // Now both have it; the new order of ids is brought to them.
        #expect(router.settle([member(a, [old, new]), member(b, [old, new])]) == [a, b])
        #expect(router.ring.keyIDs == [new, old])
        for id in [a, b] { router.rotation.brought(id, succeeded: true, now: router.now) }
        router.pass(.seconds(2))
        #expect(router.settle([member(a, [new, old]), member(b, [new, old])]) == [])
        // One that slept comes back with the old key alone.
        let sleeper = PeerID(short: 3, low: 3)
        #expect(router.settle([member(a, [new, old]), member(sleeper, [old])]) == [sleeper])
        router.pass(.seconds(29 * 86_400))
        _ = router.settle([member(a, [new, old])])
        #expect(router.ring.keyIDs == [new, old])
        router.pass(.seconds(86_400))
        #expect(router.settle([member(a, [new, old])]) == [a] && router.ring.keyIDs == [new])
        // Too late: nothing in common.
        router.pass(.seconds(60))
        #expect(router.settle([member(sleeper, [old])]) == [])
    }

    @Test func retriesWaitLongerEachTime() throws {
        let router = Router(try KeyRing.create(fleet: "x", nowSeconds: 0).installingNewKey(nowSeconds: 1))
        let old = router.ring.keyIDs[0]
        var times: [Int64] = []
        for second in 0..<120 {
            if !router.settle([member(a, [old])]).isEmpty {
                times.append(Int64(second))
                router.rotation.brought(a, succeeded: false, now: router.now)
            }
            router.pass(.seconds(1))
        }
        #expect(times.prefix(6) == [0, 2, 6, 14, 29, 44])
    }

    @Test func fewAreUnderWayAtATime() throws {
        let router = Router(try KeyRing.create(fleet: "x", nowSeconds: 0).installingNewKey(nowSeconds: 1))
        let old = router.ring.keyIDs[0]
        let members = (1...100).map { member(PeerID(short: UInt64($0), low: 0), [old]) }
        #expect(router.settle(members).count == 8)
        #expect(router.settle(members) == [])
        router.rotation.brought(members[0].id, succeeded: true, now: router.now)
        #expect(router.settle(members) == [members[8].id])
        #expect(router.settle([]) == [], "who is gone is forgotten")
        #expect(router.settle(members).count == 8)
    }

    @Test func whoIsShutOutGetsNothingAndItsKeysGo() throws {
        let first = try KeyRing.create(fleet: "x", nowSeconds: 0)
        let (old, router) = (first.active.id, Router(first.revoking(b, pin: nil)))
        #expect(router.ring.isPurging)
        // Somebody who was shut out does not hold up the others, and is brought nothing.
        #expect(router.settle([member(a, [old]), member(b, [old])]) == [a])
        let new = try #require(router.ring.keyIDs.last)
        #expect(router.ring.keyIDs == [old, new])
        router.rotation.brought(a, succeeded: true, now: router.now)
        router.pass(.seconds(2))
        #expect(router.settle([member(a, [old, new]), member(b, [old])]) == [a])
        #expect(router.ring.keyIDs == [new] && !router.ring.isPurging && router.ring.hasRevoked(b))
    }

    @Test func aPurgeDoesNotWaitForEver() throws {
        let first = try KeyRing.create(fleet: "x", nowSeconds: 0)
        let (old, router) = (first.active.id, Router(first.revoking(b, pin: nil)))
        let stuck = [member(a, [old])]
        _ = router.settle(stuck)
        router.pass(.seconds(29))
        _ = router.settle(stuck)
        #expect(router.ring.active.id == old)
        router.pass(.seconds(2))
        _ = router.settle(stuck)
        #expect(router.ring.keyIDs.count == 1 && router.ring.active.id != old)
        // An ordinary rotation waits as long as it takes.
        let patient = Router(try first.installingNewKey(nowSeconds: 1))
        _ = patient.settle(stuck)
        patient.pass(.seconds(86_400))
        _ = patient.settle(stuck)
        #expect(patient.ring.active.id == old)
    }

    @Test func aRotationUnderWayIsTurnedIntoAPurge() throws {
        let first = try KeyRing.create(fleet: "x", nowSeconds: 0)
        let half = try first.installingNewKey(nowSeconds: 1)
        // Whoever is shut out has the key that waits, too: it is not the one that comes into use.
        let router = Router(half.revoking(b, pin: nil))
        let known = half.keyIDs
        _ = router.settle([member(a, known)])
        let fresh = try #require(router.ring.keys.first { $0.stage == .installed }).id
        #expect(!known.contains(fresh) && router.ring.keys.count == 2)
        router.pass(.seconds(2))
        router.rotation.brought(a, succeeded: true, now: router.now)
        router.pass(.seconds(2))
        _ = router.settle([member(a, [known[0], fresh])])
        #expect(router.ring.keyIDs == [fresh])
    }

    @Test func anotherRouterGoesOnWhereTheFirstStopped() throws {
        let first = try KeyRing.create(fleet: "x", nowSeconds: 0)
        let router = Router(first.revoking(b, pin: nil))
        _ = router.settle([member(a, first.keyIDs)])
        let next = Router(router.ring)
        let keys = router.ring.keyIDs
        _ = next.settle([member(a, keys)])
        #expect(next.ring.keyIDs == [keys[1]])
    }

    @Test func aWrongWallClockThrowsNothingAway() throws {
        let first = try KeyRing.create(fleet: "x", nowSeconds: 0)
        let both = try first.installingNewKey(nowSeconds: 1)
        let router = Router(try both.using(both.keyIDs[1], nowSeconds: 2_000_000_000))
        router.seconds = 5
        _ = router.settle([])
        #expect(router.ring.keyIDs.count == 2)
    }
}
