import FoundationEssentials
import Gossip

/// `peers.json`: addresses that outlive a restart. Hints only: a broken file is moved aside and costs nothing but time.
struct PeersFile: Sendable {
    /// Most entries kept; the longest unheard go first.
    static let entryLimit = 1_024
    static let byteLimit = 4 * 1_024 * 1_024

    private struct Document: Codable {
        var peers: [PeersEntry]
    }

    let path: String
    /// How long a silent peer is kept.
    let keepMilliseconds: Int64

    init(directory: String, keepFor: Duration) {
        path = directory + "/peers.json"
        keepMilliseconds = keepFor.wholeMilliseconds
    }

    /// The peers worth dialling, and a warning when the file was unusable.
    func load(nowMilliseconds: Int64) -> (peers: [PeersEntry], warning: String?) {
        do {
            guard let bytes = try DurableFile.read(path, limit: Self.byteLimit) else { return ([], nil) }
            if bytes.count <= Self.byteLimit, let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)) {
                return (trimmed(document.peers, nowMilliseconds: nowMilliseconds), nil)
            }
            return ([], "it is damaged and was moved to \(try DurableFile.moveAside(path))")
        } catch {
            return ([], "\(error)")
        }
    }

    /// Replaces the file. At a stop it is not waited for the disk: the content is a hint.
    func save(_ peers: [PeersEntry], nowMilliseconds: Int64, durable: Bool) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        let document = Document(peers: trimmed(peers, nowMilliseconds: nowMilliseconds).sorted { $0.id < $1.id })
        try DurableFile.replace(path, with: Array(try encoder.encode(document)) + [UInt8(ascii: "\n")], durable: durable)
    }

    /// The newest entry per peer, not older than the limit, at most `entryLimit` of them, the last heard first.
    ///
    /// A stamp from the future (the wall clock was set back) counts as new.
    func trimmed(_ peers: [PeersEntry], nowMilliseconds: Int64) -> [PeersEntry] {
        var seen: Set<PeerID> = []
        let newestFirst = peers.filter {
            nowMilliseconds.subtractingReportingOverflow($0.lastHeardMilliseconds).partialValue <= keepMilliseconds
        }
        .sorted { ($1.lastHeardMilliseconds, $0.id) < ($0.lastHeardMilliseconds, $1.id) }
        return Array(newestFirst.filter { seen.insert($0.id).inserted }.prefix(Self.entryLimit))
    }
}
