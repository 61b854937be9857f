extension LeaseMessage {
    /// Its message type on the wire.
    var type: UInt8 {
        switch self {
        case .preVote: 16
        case .preVoteReply: 17
        case .request: 18
        case .granted: 19
        case .rejected: 20
        case .release: 21
        case .handOver: 22
        case .roster: 23
        }
    }

    /// Bytes of its fields.
    var encodedSize: Int {
        switch self {
        case .preVote: 4
        case .preVoteReply: 13
        case .request: 14
        case .granted: 24
        case .rejected(_, _, _, let holder, _): holder == nil ? 23 : 39
        case .release: 8
        case .handOver: 24
        case .roster(let news): news.encodedSize
        }
    }

    /// Appends its fields.
    func encodeFields(into writer: inout ByteWriter) {
        switch self {
        case .preVote(let round):
            writer.put(round)
        case .preVoteReply(let round, let yes, let maxEpoch):
            writer.put(round)
            writer.put(UInt8(yes ? 1 : 0))
            writer.put(maxEpoch)
        case .request(let epoch, let round, let length):
            writer.put(epoch)
            writer.put(round)
            writer.put(length)
        case .granted(let epoch, let round, let roster, let moves):
            writer.put(epoch)
            writer.put(round)
            writer.put(roster)
            writer.put(moves)
        case .rejected(let epoch, let round, let maxEpoch, let holder, let remaining):
            writer.put(epoch)
            writer.put(round)
            writer.put(maxEpoch)
            writer.put(remaining)
            writer.put(UInt8(holder == nil ? 0 : 1))
            if let holder { writer.put(holder) }
        case .release(let epoch):
            writer.put(epoch)
        case .handOver(let epoch, let successor):
            writer.put(epoch)
            writer.put(successor)
        case .roster(let news):
            news.encode(into: &writer)
        }
    }

    /// Reads the fields of a message of `type`.
    init(type: UInt8, decoding fields: inout ByteReader) throws(WireError) {
        switch type {
        case 16: self = .preVote(round: try fields.take())
        case 17: self = .preVoteReply(round: try fields.take(), yes: try fields.takeFlag("yes"), maxEpoch: try fields.take())
        case 18: self = .request(epoch: try fields.take(), round: try fields.take(), lengthMilliseconds: try fields.take())
        case 19:
            self = .granted(
                epoch: try fields.take(), round: try fields.take(), roster: try fields.take(), moves: try fields.take())
        case 20:
            let epoch: UInt64 = try fields.take()
            let round: UInt32 = try fields.take()
            let maxEpoch: UInt64 = try fields.take()
            let remaining: UInt16 = try fields.take()
            let holder: PeerID? = try fields.takeFlag("holder") ? try fields.takeID() : nil
            self = .rejected(epoch: epoch, round: round, maxEpoch: maxEpoch, holder: holder, remainingMilliseconds: remaining)
        case 21: self = .release(epoch: try fields.take())
        case 22: self = .handOver(epoch: try fields.take(), successor: try fields.takeID())
        case 23: self = .roster(try RosterNews(decoding: &fields))
        default: throw .unknownMessage(type)
        }
    }
}

extension ByteReader {
    /// Reads 0 or 1.
    mutating func takeFlag(_ field: String) throws(WireError) -> Bool {
        switch try take(UInt8.self) {
        case 0: return false
        case 1: return true
        default: throw .invalid(field: field)
        }
    }
}
