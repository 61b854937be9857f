import Gossip

/// What the rules are made of at start.
struct RulesSetup: Sendable {
    var configuration: HerdConfiguration
    var selfRecord: MemberRecord
    var durable: DurableLease
    var remembered: [RememberedPeer]
    var seed: UInt64
    var now: Instant
}
