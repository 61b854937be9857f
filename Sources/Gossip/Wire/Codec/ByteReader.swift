/// Reads big-endian fields from a part of an array; every read is checked.
struct ByteReader {
    private let bytes: [UInt8]
    private var index: Int
    private let end: Int

    /// A reader of `bytes[start..<end]`, cut to what there is.
    init(_ bytes: [UInt8], from start: Int, until end: Int) {
        self.bytes = bytes
        self.end = max(0, min(end, bytes.count))
        index = max(0, min(start, self.end))
    }

    /// Bytes not read yet.
    var remaining: Int { end - index }

    /// Reads one integer.
    mutating func take<Value: FixedWidthInteger & UnsignedInteger>(_ type: Value.Type = Value.self) throws(WireError) -> Value {
        let width = Value.bitWidth / 8
        guard remaining >= width else { throw .truncated }
        var value: Value = 0
        for byte in bytes[index..<index + width] {
            value = Value.bitWidth == 8 ? Value(byte) : value << 8 | Value(byte)
        }
        index += width
        return value
    }

    /// Reads an id.
    mutating func takeID() throws(WireError) -> PeerID {
        PeerID(short: try take(), low: try take())
    }

    /// Reads an address.
    mutating func takeEndpoint() throws(WireError) -> Endpoint {
        let address: IPAddress
        switch try take(UInt8.self) {
        case 4: address = .v4(try take())
        case 6: address = .v6(high: try take(), low: try take(), scope: 0)
        default: throw .invalid(field: "address family")
        }
        return Endpoint(address, port: try take())
    }

    /// Reads a version.
    mutating func takeVersion() throws(WireError) -> RecordVersion {
        RecordVersion(generation: try take(), counter: try take())
    }

    /// A reader of the next `length` bytes, which this one skips.
    mutating func part(_ length: Int) throws(WireError) -> ByteReader {
        guard length <= remaining else { throw .truncated }
        let part = ByteReader(bytes, from: index, until: index + length)
        index += length
        return part
    }
}
