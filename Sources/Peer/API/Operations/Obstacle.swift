/// A reason why a peer is alive but not ready.
public struct Obstacle: Sendable, Encodable {
    /// The part: `backends`, `mesh`, `draining`, `starting`.
    public var part: String
    /// Why, and what to do.
    public var reason: String

    /// An obstacle.
    public init(part: String, reason: String) {
        self.part = part
        self.reason = reason
    }
}
