/// One peer's rules: membership, records and lease as one value. Events and the time go in, actions come out.
///
/// The same value runs under the network shell, in the simulator and from a recorded transcript.
public struct Herd: Sendable {
    /// A peer that starts now. Dial its seeds by `candidate` events.
    public init(configuration: HerdConfiguration, selfRecord: MemberRecord, durable: DurableLease, seed: UInt64, now: Instant) {
        self.selfRecord = selfRecord
    }

    /// This peer's own record; its endpoint is what others are told.
    public private(set) var selfRecord: MemberRecord

    /// Applies one event.
    public mutating func handle(_ event: HerdEvent, now: Instant) -> [HerdAction] { [] }

    /// When `handle(.wake)` wants to be called next.
    public var nextWake: Instant { .distantFuture }
}
