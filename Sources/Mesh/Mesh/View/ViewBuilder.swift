import Gossip

/// Makes a `FleetView` of what the rules hold. Each cold record is decoded once per version.
struct ViewBuilder {
    /// The decoded records of one member.
    private struct Decoded {
        var modelsVersion = RecordVersion.none
        var models: ModelsReport?
        var fixedVersion = RecordVersion.none
        var fixed: StaticPayload?
    }

    private let selfID: PeerID
    /// What this peer is called before it has published anything.
    private let selfName: String
    private var cache: [PeerID: Decoded] = [:]
    private var number: UInt64

    /// Cold payloads that could not be decoded so far.
    private(set) var undecodable = 0

    /// `number` is that of the last view: numbers go on where the identity changes.
    init(selfID: PeerID, selfName: String, number: UInt64 = 0) {
        self.number = number
        self.selfID = selfID
        self.selfName = selfName
    }

    /// The next snapshot. `entries` are in the order of their ids.
    mutating func build(_ entries: [MemberEntry], router: RouterView?) -> FleetView {
        number += 1
        var kept: [PeerID: Decoded] = [:]
        var names = Set<String>()
        var members: [MemberView] = []
        members.reserveCapacity(entries.count)
        for entry in entries {
            let decoded = decode(entry)
            kept[entry.id] = decoded
            members.append(member(entry, decoded, names: &names))
        }
        // Members that were forgotten leave the cache with them.
        cache = kept
        return FleetView(number: number, selfID: selfID, members: members, router: router)
    }

    /// The name that a peer gave itself and how long it has had it, as of the last `build`.
    func nameClaim(of id: PeerID) -> (name: String, heldSeconds: Int?)? {
        cache[id]?.fixed.map { ($0.report.name, $0.nameHeldSeconds) }
    }

    private mutating func decode(_ entry: MemberEntry) -> Decoded {
        var decoded = cache[entry.id] ?? Decoded()
        if let models = entry.models, models.version != decoded.modelsVersion {
            decoded.modelsVersion = models.version
            decoded.models = ReportCoding.decode(ModelsReport.self, models.payload)
            if decoded.models == nil { undecodable += 1 }
        }
        if let fixed = entry.fixed, fixed.version != decoded.fixedVersion {
            decoded.fixedVersion = fixed.version
            decoded.fixed = ReportCoding.decode(StaticPayload.self, fixed.payload)
            if decoded.fixed == nil { undecodable += 1 }
        }
        return decoded
    }

    private func member(_ entry: MemberEntry, _ decoded: Decoded, names: inout Set<String>) -> MemberView {
        let id = entry.id
        let wanted = decoded.fixed?.report.name ?? (id == selfID ? selfName : "peer-\(id.shortHex.prefix(8))")
        var member = MemberView(id: id, name: Self.unique(wanted, id, among: &names), status: entry.status)
        member.endpoint = entry.endpoint
        member.source = id == selfID ? nil : entry.source
        member.protocolRange = entry.protocolRange
        member.isUDPBlocked = entry.isUDPBlocked
        member.lastHeard = id == selfID ? nil : entry.lastHeard
        member.hot = entry.hot
        member.hotVersion = entry.hotVersion
        member.hotMadeAt = entry.hotMadeAt
        member.models = decoded.models
        member.fixed = decoded.fixed?.report
        return member
    }

    /// `wanted`, or `wanted-` and as many digits of the id as it takes.
    private static func unique(_ wanted: String, _ id: PeerID, among names: inout Set<String>) -> String {
        let base = wanted.isEmpty ? "peer-\(id.shortHex.prefix(8))" : String(wanted.prefix(128))
        if names.insert(base).inserted { return base }
        for digits in [4, 8, 16, 32] {
            let name = "\(base)-\(id.hex.prefix(digits))"
            if names.insert(name).inserted { return name }
        }
        return id.hex
    }
}
