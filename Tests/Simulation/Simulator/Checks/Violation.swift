/// A rule that was broken in a history.
public struct Violation: Sendable, Hashable, CustomStringConvertible {
    /// What was broken: the protocol's invariants, and what the simulator demands besides.
    public enum Rule: String, Sendable, CaseIterable {
        /// A target obeys one router at a time.
        case exclusiveTarget = "I1"
        /// Two running peers never believe that they hold the same peer.
        case exclusiveBelief = "I2"
        /// Epochs at a target never fall.
        case fence = "I3"
        /// Equal views, one router.
        case equalViews = "I4"
        /// One quorate router per roster.
        case quorate = "I5"
        /// After the faults: one router, obeyed by all; tables agree.
        case convergence = "I6"
        /// After the faults every peer answers requests.
        case service = "I7"
        /// Nothing is held over a resume.
        case zombie = "I8"
        /// Written only what can be written, and never backwards.
        case durable = "durable"
        /// Versions of a peer's records never go back at a reader.
        case versions = "versions"
        /// Peers that are there and linked are not taken for dead, and not suspected for long or often.
        case falseAlarm = "false alarm"
        /// A peer never sends more than the cap in a second.
        case bytes = "bytes"
        /// What a peer's rules hold stays within bounds.
        case memory = "memory"
        /// Requests end once, are forwarded once, and never exceed a target's slots.
        case requests = "requests"
        /// Datagrams fit, and come back from the codec as they were.
        case wire = "wire"
        /// The rules ask for more steps than any real peer could take.
        case busy = "busy"
    }

    /// Which rule.
    public let rule: Rule
    /// True time since the start.
    public let at: Duration
    /// What happened.
    public let text: String

    /// In words.
    public var description: String { "\(rule.rawValue) at \(at): \(text)" }
}
