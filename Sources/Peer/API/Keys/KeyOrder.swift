/// An order of a person at this machine to change the fleet's keys.
public struct KeyOrder: Sendable, Equatable, Decodable {
    /// The node to shut out, by name or id; nil for a rotation alone.
    public var revoke: String?
    /// Do it although not all peers are in sight.
    public var force = false

    /// An order.
    public init(revoke: String? = nil, force: Bool = false) {
        self.revoke = revoke
        self.force = force
    }

    /// Reads the body of the route; what is not given is not wanted.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        revoke = try container.decodeIfPresent(String.self, forKey: .revoke)
        force = try container.decodeIfPresent(Bool.self, forKey: .force) ?? false
    }

    private enum CodingKeys: String, CodingKey { case revoke, force }
}
