/// One datagram between peers as a value (mesh protocol §5.1): a sender's header, one message, items that ride along.
///
/// The envelope's sequence number, fleet tag and authentication are the shell's affair.
public struct Datagram: Hashable, Sendable {
    /// The protocol version that it is written in, 1…15: the highest that sender and receiver both speak.
    public var version: UInt8
    /// Who sent it, by short id.
    public var sender: UInt64
    /// The sender's boot counter.
    public var generation: UInt32
    /// The sender's incarnation: hearing a newer one clears an older suspicion (addition a).
    public var incarnation: UInt32
    /// The counter of the sender's own `hot` record: a receiver that knows an older one pulls.
    public var hotCounter: UInt32
    /// The sender's local health multiplier, 0…7 (Lifeguard).
    public var localHealth: UInt8
    /// What it is about.
    public var message: Message
    /// What rides along.
    public var items: [Item]

    /// A datagram.
    public init(
        version: UInt8 = 1, sender: UInt64, generation: UInt32, incarnation: UInt32, hotCounter: UInt32, localHealth: UInt8,
        message: Message, items: [Item] = []
    ) {
        self.version = version
        self.sender = sender
        self.generation = generation
        self.incarnation = incarnation
        self.hotCounter = hotCounter
        self.localHealth = localHealth
        self.message = message
        self.items = items
    }

    /// The payload of one UDP packet never exceeds this, envelope and tag included: it fits IPv6's least MTU.
    public static let maximumBytes = 1_200
}
