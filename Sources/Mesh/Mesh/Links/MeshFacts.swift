import FoundationEssentials

/// What `GET /herd/v1/mesh` tells: the facts of the mDNS announcement, nothing more (mesh protocol §6.3).
public struct MeshFacts: Hashable, Sendable, Codable {
    /// 32 hex digits.
    public var peerID: String
    /// 8 hex digits.
    public var fleetTag: String
    /// UDP and TCP.
    public var meshPort: UInt16
    /// The version of the mesh protocol.
    public var protocolVersion: Int

    enum CodingKeys: String, CodingKey {
        case peerID = "peer_id"
        case fleetTag = "fleet_tag"
        case meshPort = "mesh_port"
        case protocolVersion = "protocol"
    }

    /// The facts as JSON.
    public var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return (try? encoder.encode(self)).map(Array.init) ?? []
    }

    /// Reads an answer; nil when it is not one.
    init?(json: [UInt8]) {
        guard json.count <= 4_096, let facts = try? JSONDecoder().decode(MeshFacts.self, from: Data(json)), facts.meshPort > 0
        else {
            return nil
        }
        self = facts
    }

    /// Facts of a peer.
    public init(peerID: String, fleetTag: String, meshPort: UInt16, protocolVersion: Int) {
        self.peerID = peerID
        self.fleetTag = fleetTag
        self.meshPort = meshPort
        self.protocolVersion = protocolVersion
    }
}
