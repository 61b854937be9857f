import Gossip
import Synchronization
import Testing

@testable import Program

/// One peer answers for all which machine loads a model, and nobody waits long for it.
@Suite struct LoadBookTests {
    private static let model = ModelKey(name: "large:70b")

    private static func id(_ number: UInt64) -> PeerID { PeerID(short: number, low: number) }

    private static func view(of own: UInt64, dead: Set<UInt64> = []) -> FleetView {
        let members = (1...4 as ClosedRange<UInt64>).map { number in
            MemberView(id: id(number), name: "h\(number)", status: dead.contains(number) ? .unreachable : .alive)
        }
        return FleetView(number: 1, selfID: id(own), members: members, router: nil)
    }

    /// Peers that call each other's books.
    private final class World: Sendable {
        private let books = Mutex<[PeerID: LoadBook]>([:])
        let calls = Mutex(0)
        let clock = Mutex(Instant.zero)
        let isCut = Mutex(false)

        func book(_ number: UInt64, dead: Set<UInt64> = []) -> LoadBook {
            let book = LoadBook(
                view: { LoadBookTests.view(of: number, dead: dead) }, now: { [self] in clock.withLock { $0 } }
            ) { [self] peer, body in
                calls.withLock { $0 += 1 }
                guard !isCut.withLock({ $0 }), let other = books.withLock({ $0[peer] }) else { throw CancellationError() }
                guard let answer = other.answer(body) else { return (400, []) }
                return (200, answer)
            }
            books.withLock { $0[LoadBookTests.id(number)] = book }
            return book
        }
    }

    /// Without a router the living peer with the smallest id is the desk.
    @Test func theFirstToAskDecidesForAll() async {
        let world = World()
        let books = (1...3).map { world.book(UInt64($0)) }
        #expect(await books[1].claim(Self.model, at: Self.id(3)) == Self.id(3))
        #expect(await books[2].claim(Self.model, at: Self.id(4)) == Self.id(3))
        #expect(await books[0].claim(Self.model, at: Self.id(2)) == Self.id(3))
        #expect(world.calls.withLock { $0 } == 2)
        world.clock.withLock { $0 = $0 + .seconds(4) }
        #expect(await books[2].claim(Self.model, at: Self.id(4)) == Self.id(4))
    }

    @Test func aMachineThatIsGoneIsNotNamed() async {
        let world = World()
        let book = world.book(1, dead: [3])
        #expect(await book.claim(Self.model, at: Self.id(3)) == Self.id(3))
        #expect(await book.claim(Self.model, at: Self.id(2)) == Self.id(2))
    }

    /// Who does not answer costs one question in five seconds, not one per request.
    @Test func aSilentDeskIsLeftAlone() async {
        let world = World()
        _ = world.book(1)
        let book = world.book(2)
        world.isCut.withLock { $0 = true }
        for _ in 0..<5 { #expect(await book.claim(Self.model, at: Self.id(2)) == nil) }
        #expect(world.calls.withLock { $0 } == 1)
        world.isCut.withLock { $0 = false }
        world.clock.withLock { $0 = $0 + LoadBook.pause }
        #expect(await book.claim(Self.model, at: Self.id(2)) == Self.id(2))
    }

    @Test(arguments: ["", "{}", "[]", #"{"model":"x","peer":"1"}"#, #"{"model":"1","peer":""}"#, #"{"model":1,"peer":2}"#])
    func whatIsNoQuestionIsRefused(_ text: String) {
        #expect(World().book(1).answer(Array(text.utf8)) == nil)
    }
}
