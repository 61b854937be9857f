/// Whose request it is and how urgent: what decides its place in a line.
public struct Turn: Hashable, Sendable {
    /// A digest of the client's key or address.
    public var client: UInt64
    /// How urgent.
    public var priority: RequestPriority

    /// A turn; without anything said all belong to one client.
    public init(client: UInt64 = 0, priority: RequestPriority = .normal) {
        self.client = client
        self.priority = priority
    }
}
