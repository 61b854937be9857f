import Gossip
import Routing
import Testing

/// The first choice of a machine that loads a model holds for all who ask in the next moments.
@Suite struct LoadDeskTests {
    private let model = ModelKey(name: "large:70b")

    @Test func theFirstChoiceHoldsForAMoment() {
        var desk = LoadDesk()
        #expect(desk.claim(model, at: peer(2), now: now) == peer(2))
        #expect(desk.claim(model, at: peer(3), now: now) == peer(2))
        #expect(desk.claim(ModelKey(name: "other:7b"), at: peer(3), now: now) == peer(3))
        #expect(desk.claim(model, at: peer(3), now: now + .milliseconds(2_999)) == peer(2))
        // Who asks again does not make it last longer: a queue that stays justifies a second load.
        #expect(desk.claim(model, at: peer(3), now: now + LoadDesk.life) == peer(3))
        #expect(desk.claim(model, at: peer(2), now: now + LoadDesk.life) == peer(3))
    }

    @Test func aMachineThatIsGoneHoldsNothing() {
        var desk = LoadDesk()
        #expect(desk.claim(model, at: peer(2), now: now) == peer(2))
        let gone = desk.claim(model, at: peer(3), now: now) { $0 != peer(2) }
        #expect(gone == peer(3))
        #expect(desk.claim(model, at: peer(2), now: now) == peer(3))
    }

    @Test func manyModelsDoNotMakeItGrow() {
        var desk = LoadDesk()
        for number in 0..<10_000 as Range<UInt64> {
            #expect(desk.claim(ModelKey(rawValue: number), at: peer(2), now: now) == peer(2))
        }
        // The oldest are forgotten, the newest hold.
        #expect(desk.claim(ModelKey(rawValue: 0), at: peer(3), now: now) == peer(3))
        #expect(desk.claim(ModelKey(rawValue: 9_999), at: peer(3), now: now) == peer(2))
    }
}
