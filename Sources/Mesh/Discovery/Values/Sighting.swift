/// Where another peer says it can be reached. Nothing in it is proven before the handshake.
public struct Sighting: Sendable, Equatable {
    /// The fleet it says it belongs to: 8 lower-case hex digits.
    public let fleetTag: String
    /// The short id it says it has: 16 lower-case hex digits.
    public let shortID: String
    /// Numeric addresses, best first, 1 to 8 of them. A link-local IPv6 address carries `%` and the interface index.
    public let addresses: [String]
    /// Its mesh port, 1 to 65535.
    public let port: UInt16
    /// Its host name in mDNS, such as `h1.local`; for people only.
    public let hostName: String
    /// The version of the mesh protocol that it speaks, 1 to 255.
    public let protocolVersion: Int

    /// Makes a sighting; `addresses` is expected in order of preference.
    public init(
        fleetTag: String, shortID: String, addresses: [String], port: UInt16, hostName: String, protocolVersion: Int
    ) {
        self.fleetTag = fleetTag
        self.shortID = shortID
        self.addresses = addresses
        self.port = port
        self.hostName = hostName
        self.protocolVersion = protocolVersion
    }
}
