/// Why bytes are not a datagram of this protocol.
public enum WireError: Error, Hashable, Sendable {
    /// Fewer bytes than an envelope has.
    case tooShort(bytes: Int)
    /// More bytes than `Datagram.maximumBytes`.
    case tooLong(bytes: Int)
    /// The first byte is not the protocol's magic: not a datagram of this program.
    case foreign
    /// A protocol version that this program does not speak.
    case unsupportedVersion(UInt8)
    /// An envelope kind that this program does not know.
    case unknownKind(UInt8)
    /// A message type that this program does not know.
    case unknownMessage(UInt8)
    /// A length points behind the end, or a field is cut off.
    case truncated
    /// A field holds a value that it cannot have.
    case invalid(field: String)
}

extension WireError: CustomStringConvertible {
    /// In words.
    public var description: String {
        switch self {
        case .tooShort(let bytes): "\(bytes) bytes are too few for a datagram"
        case .tooLong(let bytes): "\(bytes) bytes are too many for a datagram"
        case .foreign: "not a datagram of herd-peer"
        case .unsupportedVersion(let version): "protocol version \(version) is not spoken here: update the older peer"
        case .unknownKind(let kind): "unknown kind of envelope \(kind)"
        case .unknownMessage(let type): "unknown message type \(type)"
        case .truncated: "the datagram is cut off"
        case .invalid(let field): "the field \(field) has an impossible value"
        }
    }
}
