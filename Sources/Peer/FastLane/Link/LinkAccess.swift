/// How peers prove to each other that they are of one fleet: the token in each request, and in a closed fleet TLS below it.
///
/// Everything is asked anew for each connection or request, because keys rotate and an open fleet can become a closed one while
/// the program runs. The closures are called on event loops: they must be quick and must not wait.
public struct LinkAccess: Sendable {
    /// What this peer shows in `X-Herd-Fleet`.
    public var token: @Sendable () -> String
    /// Whether `token` admits the caller, whose certificate has this pin (SPKI SHA-256, 32 bytes; nil without TLS).
    public var admits: @Sendable (_ token: String, _ pin: [UInt8]?) -> Bool
    /// TLS for new peer links; nil in an open fleet.
    public var tls: @Sendable () -> LinkTLS?

    /// What a caller without a right token is told.
    public static let refusal =
        "this port is for peers of this fleet, and the caller showed no token of it: another fleet, or an open peer meets a closed "
        + "one; see `herd-peer fleet status` on both machines; clients use the client port"

    /// Access as the mesh grants it.
    public init(
        token: @escaping @Sendable () -> String, admits: @escaping @Sendable (_ token: String, _ pin: [UInt8]?) -> Bool,
        tls: @escaping @Sendable () -> LinkTLS? = { nil }
    ) {
        self.token = token
        self.admits = admits
        self.tls = tls
    }

    /// One secret for all peers and plain HTTP. An empty secret admits nobody.
    public init(secret: String) {
        self.init(token: { secret }, admits: { token, _ in HopHeaders.sameSecret(token, secret) })
    }
}
