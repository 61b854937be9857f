extension RosterNews {
    /// Its bytes on the wire.
    var encodedSize: Int {
        switch self {
        case .whole(let roster, _): 42 + 16 * roster.peers.count
        case .step: 38
        }
    }

    /// Appends it. Rosters of more than 255 peers do not travel so.
    func encode(into writer: inout ByteWriter) {
        switch self {
        case .whole(let roster, let moves):
            writer.put(UInt8(0))
            writer.put(moves ?? .max)
            writer.put(roster.lineage.founder)
            writer.put(roster.lineage.epoch)
            writer.put(roster.version.epoch)
            writer.put(roster.version.counter)
            let peers = roster.peers.prefix(Self.mostTold)
            writer.put(UInt8(peers.count))
            for id in peers { writer.put(id) }
        case .step(let base, let change, let version):
            writer.put(UInt8(1))
            writer.put(base)
            writer.put(version.epoch)
            writer.put(version.counter)
            switch change {
            case .stamp:
                writer.put(UInt8(0))
                writer.put(PeerID(short: 0, low: 0))
            case .admit(let id):
                writer.put(UInt8(1))
                writer.put(id)
            case .remove(let id):
                writer.put(UInt8(2))
                writer.put(id)
            }
        }
    }

    /// Reads news.
    init(decoding fields: inout ByteReader) throws(WireError) {
        switch try fields.take(UInt8.self) {
        case 0:
            let moves: UInt32 = try fields.take()
            let lineage = RosterLineage(founder: try fields.takeID(), epoch: try fields.take())
            let version = RosterVersion(epoch: try fields.take(), counter: try fields.take())
            let count = try fields.take(UInt8.self)
            guard count <= Self.mostTold else { throw .invalid(field: "roster size") }
            var peers: [PeerID] = []
            for _ in 0..<count { peers.append(try fields.takeID()) }
            guard let roster = Roster(lineage: lineage, version: version, peers: peers) else { throw .invalid(field: "roster") }
            self = .whole(roster, moves: moves == .max ? nil : moves)
        case 1:
            let base: UInt64 = try fields.take()
            let version = RosterVersion(epoch: try fields.take(), counter: try fields.take())
            let change: RosterChange
            switch try fields.take(UInt8.self) {
            case 0:
                change = .stamp
                _ = try fields.takeID()
            case 1: change = .admit(try fields.takeID())
            case 2: change = .remove(try fields.takeID())
            default: throw .invalid(field: "roster change")
            }
            self = .step(base: base, change, version)
        default:
            throw .invalid(field: "roster news")
        }
    }
}
