extension MemberRecord {
    /// Bytes of the record in a datagram.
    var encodedSize: Int { 30 + endpoint.encodedSize + 2 * min(keyIDs.count, Self.mostKeys) }

    /// Appends the record without its pin: 37 bytes with an IPv4 address, 49 with an IPv6 one, 2 more per key. A suspect travels
    /// as alive.
    func encode(into writer: inout ByteWriter) {
        writer.put(id)
        writer.put(generation)
        writer.put(incarnation)
        switch status {
        case .alive, .suspect: writer.put(UInt8(0))
        case .unreachable: writer.put(UInt8(1))
        case .left: writer.put(UInt8(2))
        case .asleep: writer.put(UInt8(3))
        }
        writer.put(protocolRange.lowerBound)
        writer.put(protocolRange.upperBound)
        writer.put(candidacy.priority)
        let flags = (candidacy.steady ? 1 : 0) | (candidacy.seasoned ? 2 : 0) | (candidacy.ephemeral ? 4 : 0)
        writer.put(UInt8(flags))
        writer.put(endpoint)
        writer.put(UInt8(min(keyIDs.count, Self.mostKeys)))
        for id in keyIDs.prefix(Self.mostKeys) { writer.put(id) }
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
        case 3: status = .asleep
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
        let endpoint = try payload.takeEndpoint()
        let keys: UInt8 = try payload.take()
        guard keys <= Self.mostKeys else { throw .invalid(field: "number of keys") }
        var keyIDs: [UInt16] = []
        for _ in 0..<keys { keyIDs.append(try payload.take()) }
        self.init(
            id: id, generation: generation, incarnation: incarnation, status: status, endpoint: endpoint,
            protocolRange: lowest...highest, candidacy: candidacy, keyIDs: keyIDs)
    }
}
