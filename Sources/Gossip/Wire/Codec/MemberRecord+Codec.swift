extension MemberRecord {
    /// Appends the record: 36 bytes with an IPv4 address, 48 with an IPv6 one. A suspect travels as alive.
    func encode(into writer: inout ByteWriter) {
        writer.put(id)
        writer.put(generation)
        writer.put(incarnation)
        switch status {
        case .alive, .suspect: writer.put(UInt8(0))
        case .unreachable: writer.put(UInt8(1))
        case .left: writer.put(UInt8(2))
        }
        writer.put(protocolRange.lowerBound)
        writer.put(protocolRange.upperBound)
        writer.put(candidacy.priority)
        let flags = (candidacy.steady ? 1 : 0) | (candidacy.seasoned ? 2 : 0) | (candidacy.ephemeral ? 4 : 0)
        writer.put(UInt8(flags))
        writer.put(endpoint)
    }

    /// Reads a record.
    init(decoding payload: inout ByteReader) throws(WireError) {
        let id = try payload.takeID()
        let generation: UInt32 = try payload.take()
        let incarnation: UInt32 = try payload.take()
        let status: MemberStatus
        switch try payload.take(UInt8.self) {
        case 0: status = .alive
        case 1: status = .unreachable
        case 2: status = .left
        default: throw .invalid(field: "member status")
        }
        let lowest: UInt8 = try payload.take()
        let highest: UInt8 = try payload.take()
        guard lowest <= highest else { throw .invalid(field: "protocol range") }
        let priority: UInt8 = try payload.take()
        guard priority <= 100 else { throw .invalid(field: "priority") }
        let flags: UInt8 = try payload.take()
        let candidacy = Candidacy(
            priority: priority, steady: flags & 1 != 0, seasoned: flags & 2 != 0, ephemeral: flags & 4 != 0)
        self.init(
            id: id, generation: generation, incarnation: incarnation, status: status, endpoint: try payload.takeEndpoint(),
            protocolRange: lowest...highest, candidacy: candidacy)
    }
}
