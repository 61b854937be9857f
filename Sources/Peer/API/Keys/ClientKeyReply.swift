/// What became of a `ClientKeyOrder`.
public struct ClientKeyReply: Sendable, Codable, Equatable {
    /// It was done.
    public var accepted: Bool
    /// What holds now, or why nothing was done and what to do.
    public var message: String
    /// `fleet` when the router wrote it, `local` when this peer did by itself; nil when nothing was written.
    public var scope: String?
    /// Ids of the keys that it was about.
    public var ids: [String]
    /// What the person should know besides.
    public var warnings: [String]

    /// A reply.
    public init(accepted: Bool, message: String, scope: String? = nil, ids: [String] = [], warnings: [String] = []) {
        self.accepted = accepted
        self.message = message
        self.scope = scope
        self.ids = ids
        self.warnings = warnings
    }
}
