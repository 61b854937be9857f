/// Whose request it is and how urgent: what decides its place in a line.
public struct Turn: Hashable, Sendable {
    /// A digest of the client's key or address.
    public var client: UInt64
    /// How urgent.
    public var priority: RequestPriority
    /// How long it has waited already where it comes from: at its peer, before a machine took it into its own queue. A request
    /// ages once, not in each place anew.
    public var waited: Duration

    /// A turn; without anything said all belong to one client.
    public init(client: UInt64 = 0, priority: RequestPriority = .normal, waited: Duration = .zero) {
        self.client = client
        self.priority = priority
        self.waited = waited
    }
}
