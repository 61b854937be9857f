import FoundationEssentials
import Glibc
import Gossip
import NIOPosix
import Synchronization

/// The history for off-line checkers (mesh protocol §11.3): one JSON object per line, appended in order on the worker thread.
final class HistoryFile: Sendable {
    private let path: String
    private let writer: Mutex<(peer: PeerID, generation: UInt32)>
    private let worker: NIOThreadPool
    private let waiting = Atomic<Int>(0)
    /// Lines that may wait for a slow disk; more are lost.
    static let waitingLimit = 10_000

    init(path: String, peer: PeerID, generation: UInt32, worker: NIOThreadPool) {
        self.path = path
        writer = Mutex((peer, generation))
        self.worker = worker
    }

    /// The peer has another identity from now on.
    func become(_ peer: PeerID, generation: UInt32) { writer.withLock { $0 = (peer, generation) } }

    /// Appends one entry; a file that cannot be written loses it.
    func append(_ entry: HistoryEntry) {
        guard waiting.add(1, ordering: .relaxed).newValue <= Self.waitingLimit else {
            waiting.subtract(1, ordering: .relaxed)
            return
        }
        let (peer, generation) = writer.withLock(\.self)
        let line = HistoryLine(peer: peer.hex, generation: generation, entry: entry)
        worker.submit { [self] state in
            defer { waiting.subtract(1, ordering: .relaxed) }
            guard case .active = state, var bytes = ReportCoding.encode(line) else { return }
            bytes.append(UInt8(ascii: "\n"))
            let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
            guard file >= 0 else { return }
            _ = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            close(file)
        }
    }

    private struct HistoryLine: Encodable {
        var peer: String
        var generation: UInt32
        var entry: HistoryEntry

        enum CodingKeys: String, CodingKey { case peer, generation }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(peer, forKey: .peer)
            try container.encode(generation, forKey: .generation)
            try entry.encode(to: encoder)
        }
    }
}
