/// Appends big-endian fields to bytes.
struct ByteWriter {
    /// What was written so far.
    var bytes: [UInt8] = []

    /// Appends one integer, most significant byte first.
    mutating func put<Value: FixedWidthInteger & UnsignedInteger>(_ value: Value) {
        var shift = Value.bitWidth
        while shift > 0 {
            shift -= 8
            bytes.append(UInt8(truncatingIfNeeded: value >> Value(shift)))
        }
    }

    /// Appends an id.
    mutating func put(_ id: PeerID) {
        put(id.short)
        put(id.low)
    }

    /// Appends an address. The scope of a link-local one means nothing to another machine and stays out.
    mutating func put(_ endpoint: Endpoint) {
        switch endpoint.address {
        case .v4(let bits):
            put(UInt8(4))
            put(bits)
        case .v6(let high, let low, _):
            put(UInt8(6))
            put(high)
            put(low)
        }
        put(endpoint.port)
    }

    /// Keeps two bytes free for a length; give the result to `closeLength`.
    mutating func openLength() -> Int {
        put(UInt16(0))
        return bytes.count
    }

    /// Writes the number of bytes since `start` into the two bytes before it.
    mutating func closeLength(_ start: Int) {
        let length = bytes.count - start
        bytes[start - 2] = UInt8(truncatingIfNeeded: length >> 8)
        bytes[start - 1] = UInt8(truncatingIfNeeded: length)
    }
}
