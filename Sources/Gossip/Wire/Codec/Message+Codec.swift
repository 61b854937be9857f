extension Message {
    /// Bytes of its fields, without type and length.
    var encodedSize: Int {
        switch self {
        case .ping: 12
        case .ack, .nack: 4
        case .pingRequest(_, _, let endpoint): 12 + endpoint.encodedSize
        case .gossip, .resume: 0
        case .bye: 1
        case .lease(let message): message.encodedSize
        }
    }

    /// Appends type, length and fields.
    func encode(into writer: inout ByteWriter) {
        switch self {
        case .ping: writer.put(UInt8(1))
        case .ack: writer.put(UInt8(2))
        case .pingRequest: writer.put(UInt8(3))
        case .nack: writer.put(UInt8(4))
        case .gossip: writer.put(UInt8(5))
        case .bye: writer.put(UInt8(6))
        case .resume: writer.put(UInt8(7))
        case .lease(let message): writer.put(message.type)
        }
        let start = writer.openLength()
        switch self {
        case .ping(let sequence, let target):
            writer.put(sequence)
            writer.put(target)
        case .ack(let sequence), .nack(let sequence):
            writer.put(sequence)
        case .pingRequest(let sequence, let target, let endpoint):
            writer.put(sequence)
            writer.put(target)
            writer.put(endpoint)
        case .gossip, .resume:
            break
        case .bye(let reason):
            writer.put(reason.rawValue)
        case .lease(let message):
            message.encodeFields(into: &writer)
        }
        writer.closeLength(start)
    }

    /// Reads the fields of a message of `type`.
    init(type: UInt8, decoding fields: inout ByteReader) throws(WireError) {
        switch type {
        case 1: self = .ping(sequence: try fields.take(), target: try fields.take())
        case 2: self = .ack(sequence: try fields.take())
        case 3: self = .pingRequest(sequence: try fields.take(), target: try fields.take(), endpoint: try fields.takeEndpoint())
        case 4: self = .nack(sequence: try fields.take())
        case 5: self = .gossip
        case 6:
            guard let reason = Farewell(rawValue: try fields.take()) else { throw .invalid(field: "reason of a goodbye") }
            self = .bye(reason)
        case 7: self = .resume
        case 16...23: self = .lease(try LeaseMessage(type: type, decoding: &fields))
        default: throw .unknownMessage(type)
        }
    }
}

extension Endpoint {
    /// Its bytes on the wire.
    var encodedSize: Int {
        switch address {
        case .v4: 7
        case .v6: 19
        }
    }
}
