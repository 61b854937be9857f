import Gossip

/// A peer's rules with a few acquaintances, thrown away and made anew now and then.
struct RulesUnderFuzz {
    static let neighbours = 4
    private static let inputsPerLife = 256

    private(set) var herd: Herd
    private(set) var now = Instant(nanoseconds: 1_000_000_000)
    private var inputs = 0

    init() { herd = Self.fresh(now) }

    static func id(_ number: Int) -> PeerID { PeerID(short: UInt64(number + 1) << 56 | 7, low: UInt64(number)) }
    static func endpoint(_ number: Int) -> Endpoint { Endpoint(.v4(0x0A4D_0001 + UInt32(number)), port: 11_445) }

    private static func record(_ number: Int) -> MemberRecord {
        MemberRecord(
            id: id(number), generation: 1, incarnation: 0, status: .alive, endpoint: endpoint(number), candidacy: Candidacy())
    }

    private static func fresh(_ now: Instant) -> Herd {
        var herd = Herd(
            configuration: HerdConfiguration(), selfRecord: record(0), durable: DurableLease(), seed: 7, now: now)
        for number in 1...neighbours {
            let datagram = Datagram(
                sender: id(number).short, generation: 1, incarnation: 0, hotCounter: 0, localHealth: 0,
                message: .ping(sequence: 1, target: 0), items: [.member(record(number))])
            _ = herd.handle(.datagram(datagram, from: endpoint(number)), now: now)
        }
        return herd
    }

    /// Hands over one event, then lets time pass. Returns what is wrong with what came of it.
    mutating func take(_ event: HerdEvent) -> String? {
        inputs += 1
        if inputs % Self.inputsPerLife == 0 { herd = Self.fresh(now) }
        now = now + .milliseconds(3)
        let actions = herd.handle(event, now: now)
        guard actions.count <= 4_096 else { return "\(actions.count) actions follow from one input" }
        for _ in 0..<64 where herd.nextWake <= now { _ = herd.handle(.wake, now: now) }
        guard herd.nextWake > now else { return "the rules want to be woken for ever" }
        let members = herd.memberEntries.count
        return members <= SyncMessage.mostMembers + 1 ? nil : "\(members) members"
    }
}
