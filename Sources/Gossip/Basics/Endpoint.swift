/// An address that datagrams and peer links can be sent to: an IP address and a port.
public struct Endpoint: Hashable, Sendable, Codable {
    /// The IP address.
    public var address: IPAddress
    /// The UDP and TCP port.
    public var port: UInt16

    /// An endpoint.
    public init(_ address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }
}

extension Endpoint: CustomStringConvertible {
    /// In words.
    public var description: String {
        switch address {
        case .v4: "\(address):\(port)"
        case .v6: "[\(address)]:\(port)"
        }
    }
}
