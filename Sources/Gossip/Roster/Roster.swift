/// The peers over which *quorate* is counted (mesh protocol §7.1, I5): those of the last seven days that did not leave.
///
/// It is a replicated value of its own. A peer is born with a roster of itself alone. Only a router that holds more than half of a
/// roster, all of which have acknowledged exactly this version in its own epoch, makes the next one, and that differs by one peer
/// at most. These are the rules of single-server membership changes in Raft (Ongaro, "Consensus: Bridging Theory and Practice",
/// 2014, §4.1, with the correction of 2015: first a change of nothing in the own term). Hence two routers are never quorate in one
/// lineage at the same time.
public struct Roster: Hashable, Sendable {
    /// Where it began.
    public let lineage: RosterLineage
    /// Which state of it.
    public let version: RosterVersion
    /// Who belongs to it, in the order of the ids.
    public let peers: [PeerID]
    /// A digest of all that; what peers acknowledge.
    public let hash: UInt64

    /// No roster has more peers.
    public static let mostPeers = SyncMessage.mostMembers

    /// A roster; nil when `peers` is empty, too long or not in order.
    public init?(lineage: RosterLineage, version: RosterVersion, peers: [PeerID]) {
        guard (1...Self.mostPeers).contains(peers.count), zip(peers, peers.dropFirst()).allSatisfy({ $0 < $1 }) else {
            return nil
        }
        self.init(lineage, version, ordered: peers)
    }

    /// The roster that a peer is born with.
    public init(alone id: PeerID) {
        self.init(RosterLineage(founder: id), RosterVersion(), ordered: [id])
    }

    private init(_ lineage: RosterLineage, _ version: RosterVersion, ordered peers: [PeerID]) {
        self.lineage = lineage
        self.version = version
        self.peers = peers
        var digest = Fingerprint()
        digest.add(lineage.founder)
        digest.add(lineage.epoch)
        digest.add(version.epoch)
        digest.add(UInt64(version.counter))
        for id in peers { digest.add(id) }
        hash = digest.value
    }

    /// The peer belongs to it.
    public func contains(_ id: PeerID) -> Bool { peers.containsInOrder(id) }

    /// It has no other peer.
    public func isOnly(_ id: PeerID) -> Bool { peers.count == 1 && peers[0] == id }

    /// The next version; nil when the change says nothing, or leaves nobody.
    public func changed(by change: RosterChange, version: RosterVersion) -> Roster? {
        guard version > self.version else { return nil }
        var next = peers
        switch change {
        case .stamp: break
        case .admit(let id):
            guard !contains(id), peers.count < Self.mostPeers else { return nil }
            next.insert(id, at: peers.place(of: id))
        case .remove(let id):
            guard contains(id), peers.count > 1 else { return nil }
            next.remove(at: peers.place(of: id))
        }
        return Roster(lineage, version, ordered: next)
    }
}

extension Roster: Codable {
    private enum CodingKeys: String, CodingKey {
        case lineage
        case version
        case peers
    }

    /// Reads lineage, version and peers; refuses what no peer writes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let lineage = try container.decode(RosterLineage.self, forKey: .lineage)
        let version = try container.decode(RosterVersion.self, forKey: .version)
        let peers = try container.decode([PeerID].self, forKey: .peers)
        guard let roster = Roster(lineage: lineage, version: version, peers: peers) else {
            throw DecodingError.dataCorruptedError(
                forKey: .peers, in: container, debugDescription: "a roster has 1 to \(Self.mostPeers) peers in order")
        }
        self = roster
    }

    /// Writes lineage, version and peers.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(lineage, forKey: .lineage)
        try container.encode(version, forKey: .version)
        try container.encode(peers, forKey: .peers)
    }
}
