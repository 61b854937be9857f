import FoundationEssentials
import Gossip

/// The three files of `identity/` that say who this peer is. They count only together: an old id must never come back with a
/// lower boot counter or without its lease row (mesh protocol §3.1), so if one of them is unusable all are replaced.
struct IdentityFiles {
    /// `peer.json`.
    struct PeerFile: Codable {
        var peerID: PeerID
        /// Keyed hash of the machine id; nil where the machine has none.
        var machine: String?

        enum CodingKeys: String, CodingKey {
            case peerID = "peer_id"
            case machine
        }
    }

    /// `generation.json`.
    struct GenerationFile: Codable {
        var generation: UInt32
    }

    /// What was found on disk.
    enum Stored {
        case nothing
        case corrupt([String])
        case identity(PeerFile, generation: UInt32, lease: DurableLease)
    }

    static let byteLimit = 64 * 1_024

    let peer: String
    let generation: String
    let lease: String

    init(directory: String) {
        peer = directory + "/peer.json"
        generation = directory + "/generation.json"
        lease = directory + "/lease.json"
    }

    /// Reads all three. `peer.json` is written last at creation, so without it there was no identity yet.
    func load() throws(FileFailure) -> Stored {
        guard let peerBytes = try DurableFile.read(peer, limit: Self.byteLimit) else { return .nothing }
        let peerFile = Self.decode(PeerFile.self, peerBytes)
        let generationFile = Self.decode(GenerationFile.self, try DurableFile.read(generation, limit: Self.byteLimit))
        let leaseRow = Self.decode(DurableLease.self, try DurableFile.read(lease, limit: Self.byteLimit))
        if let peerFile, let generationFile, let leaseRow {
            return .identity(peerFile, generation: generationFile.generation, lease: leaseRow)
        }
        return .corrupt(
            [(peer, peerFile == nil), (generation, generationFile == nil), (lease, leaseRow == nil)].filter(\.1).map(\.0))
    }

    /// Writes a new identity, `peer.json` last.
    func create(_ file: PeerFile) throws(FileFailure) {
        try write(lease: DurableLease())
        try write(generation: 1)
        try DurableFile.replace(peer, with: Self.encode(file))
    }

    func write(generation number: UInt32) throws(FileFailure) {
        try DurableFile.replace(generation, with: Self.encode(GenerationFile(generation: number)))
    }

    func write(lease row: DurableLease) throws(FileFailure) {
        try DurableFile.replace(lease, with: Self.encode(row))
    }

    /// Renames all that is there; tells the new path of each.
    func moveAside() throws(FileFailure) -> [(file: String, movedTo: String)] {
        var moved: [(file: String, movedTo: String)] = []
        for path in [peer, generation, lease] where try DurableFile.read(path, limit: 0) != nil {
            moved.append((path, try DurableFile.moveAside(path)))
        }
        return moved
    }

    private static func decode<T: Decodable>(_ type: T.Type, _ bytes: [UInt8]?) -> T? {
        guard let bytes, bytes.count <= byteLimit else { return nil }
        return try? JSONDecoder().decode(type, from: Data(bytes))
    }

    private static func encode(_ value: some Encodable) throws(FileFailure) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        // Plain values of strings and numbers: encoding cannot fail. If it did, the file must not be replaced.
        guard let data = try? encoder.encode(value) else { throw FileFailure("encode", "an identity file", code: 22) }
        return Array(data) + [UInt8(ascii: "\n")]
    }
}
