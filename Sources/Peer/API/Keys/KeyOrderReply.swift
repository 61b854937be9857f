/// What became of a `KeyOrder`.
public struct KeyOrderReply: Sendable, Codable, Equatable {
    /// It was begun; how far it is, `/fleet/status` says.
    public var accepted: Bool
    /// What happens now, or why not and what to do.
    public var message: String
    /// Names of peers that belong to the fleet and cannot be reached now.
    public var out_of_sight: [String]

    /// A reply.
    public init(accepted: Bool, message: String, outOfSight: [String] = []) {
        self.accepted = accepted
        self.message = message
        out_of_sight = outOfSight
    }
}
