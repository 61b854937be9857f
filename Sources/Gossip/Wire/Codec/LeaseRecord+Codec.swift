extension LeaseRecord {
    /// Appends the record: 56 bytes.
    func encode(into writer: inout ByteWriter) {
        writer.put(router)
        writer.put(epoch)
        writer.put(lengthMilliseconds)
        switch mode {
        case .quorate: writer.put(UInt8(0))
        case .degraded: writer.put(UInt8(1))
        }
        writer.put(priorityClass)
        writer.put(domainSize)
        writer.put(heldSeconds)
        writer.put(counter)
        writer.put(settings.count)
        writer.put(settings.hash)
        writer.put(rosterHash)
    }

    /// Reads a record.
    init(decoding payload: inout ByteReader) throws(WireError) {
        let router = try payload.takeID()
        let epoch: UInt64 = try payload.take()
        let length: UInt16 = try payload.take()
        let mode: RouterMode
        switch try payload.take(UInt8.self) {
        case 0: mode = .quorate
        case 1: mode = .degraded
        default: throw .invalid(field: "router mode")
        }
        self.init(
            router: router, epoch: epoch, lengthMilliseconds: length, mode: mode, priorityClass: try payload.take(),
            domainSize: try payload.take(), heldSeconds: try payload.take(), counter: try payload.take(),
            settings: SettingsDigest(count: try payload.take(), hash: try payload.take()), rosterHash: try payload.take())
    }
}
