import Gossip

/// Sealed datagrams in the body of `POST /herd/v1/datagrams` and of its answer: each behind its length, two bytes, most significant
/// first.
enum DatagramFrames {
    /// Datagrams in one body.
    static let limit = 64
    /// Bytes of the longest body.
    static let byteLimit = limit * (2 + Datagram.maximumBytes)

    /// The first `limit` datagrams as a body; one that is too long for a packet is left out.
    static func encode(_ datagrams: [[UInt8]]) -> [UInt8] {
        var body: [UInt8] = []
        for bytes in datagrams.prefix(limit) where bytes.count <= Datagram.maximumBytes {
            body.append(UInt8(bytes.count >> 8))
            body.append(UInt8(bytes.count & 255))
            body += bytes
        }
        return body
    }

    /// The datagrams in a body; nil when it is cut, too long, or holds too many.
    static func decode(_ body: [UInt8]) -> [[UInt8]]? {
        guard body.count <= byteLimit else { return nil }
        var datagrams: [[UInt8]] = []
        var place = 0
        while place < body.count {
            guard place + 2 <= body.count, datagrams.count < limit else { return nil }
            let end = place + 2 + (Int(body[place]) << 8 | Int(body[place + 1]))
            guard end <= body.count, end - place - 2 <= Datagram.maximumBytes else { return nil }
            datagrams.append(Array(body[(place + 2)..<end]))
            place = end
        }
        return datagrams
    }
}
