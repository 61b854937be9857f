extension Item {
    /// Bytes of the largest item of any kind.
    public static let largestEncodedSize = 3 + 34 + HotReport.largestEncodedSize

    /// Its bytes on the wire, kind and length included.
    public var encodedSize: Int {
        switch self {
        case .member(let record): 3 + record.encodedSize
        case .suspect: 35
        case .hot(_, _, _, _, let report): 37 + report.encodedSize
        case .lease: 59
        case .uptime: 11
        }
    }

    /// Appends kind, length and payload.
    func encode(into writer: inout ByteWriter) {
        switch self {
        case .member: writer.put(UInt8(1))
        case .suspect: writer.put(UInt8(2))
        case .hot: writer.put(UInt8(3))
        case .lease: writer.put(UInt8(4))
        case .uptime: writer.put(UInt8(5))
        }
        let start = writer.openLength()
        switch self {
        case .member(let record):
            record.encode(into: &writer)
        case .suspect(let id, let generation, let incarnation, let by):
            writer.put(id)
            writer.put(generation)
            writer.put(incarnation)
            writer.put(by)
        case .hot(let id, let version, let age, let cold, let report):
            writer.put(id)
            writer.put(version.generation)
            writer.put(version.counter)
            writer.put(age)
            writer.put(cold.models)
            writer.put(cold.fixed)
            report.encode(into: &writer)
        case .lease(let record):
            record.encode(into: &writer)
        case .uptime(let milliseconds):
            writer.put(milliseconds)
        }
        writer.closeLength(start)
    }

    /// Reads the payload of an item of `kind`; nil for a kind that this program does not know.
    init?(kind: UInt8, decoding payload: inout ByteReader) throws(WireError) {
        switch kind {
        case 1:
            self = .member(try MemberRecord(decoding: &payload))
        case 2:
            self = .suspect(
                try payload.takeID(), generation: try payload.take(), incarnation: try payload.take(), by: try payload.take())
        case 3:
            let id = try payload.takeID()
            let version = try payload.takeVersion()
            let age: UInt16 = try payload.take()
            let cold = ColdVersions(models: try payload.take(), fixed: try payload.take())
            self = .hot(id, version: version, ageCentiseconds: age, coldVersions: cold, try HotReport(decoding: &payload))
        case 4:
            self = .lease(try LeaseRecord(decoding: &payload))
        case 5:
            self = .uptime(milliseconds: try payload.take())
        default:
            return nil
        }
    }
}
