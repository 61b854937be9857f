import Foundation
import Gossip
import Logging
import Mesh
import ServiceLifecycle
import Store

/// Sends this shard's daily totals to two other peers, so that the fleet still has them when this peer is gone.
///
/// Every few seconds the days that changed since they were sent last; all of them to a peer that keeps none yet. Which two is
/// worked out from the ids (rendezvous hashing, Thaler and Ravishankar 1998): it stays the same while the two are in sight.
actor DayReplicator: Service {
    private let shard: Shard
    private let mesh: MeshService
    private let logger: Logger
    /// What each peer has of each day.
    private var sent: [PeerID: [Int: OwnerDay]] = [:]
    private var counter: Int64 = 0
    private var rowsSeen = -1

    /// How often is looked.
    static let interval = Duration.seconds(3)
    /// Peers that keep a copy.
    static let copies = 2
    /// Days of one message.
    static let daysPerMessage = 20

    init(shard: Shard, mesh: MeshService, logger: Logger) {
        self.shard = shard
        self.mesh = mesh
        self.logger = logger
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.interval)
                await self.look()
            }
        }
    }

    private func look() async {
        let view = mesh.currentView
        let targets = Self.targets(of: view)
        for peer in sent.keys where !targets.contains(peer) { sent[peer] = nil }
        guard !targets.isEmpty else { return }
        let rows = shard.statistics.rowsWritten
        let isNew = targets.contains { sent[$0] == nil }
        guard rows != rowsSeen || isNew else { return }
        rowsSeen = rows
        // Older days do not change.
        let today = (Date().timeIntervalSince1970 / 86_400).rounded(.down) * 86_400
        let since = isNew ? today - Double(OwnerDays.dayLimit - 1) * 86_400 : today - 86_400
        guard let counted = try? await shard.counts(by: [.day, .node, .model], since: since) else { return }
        let days = Dictionary(grouping: counted.filter { $0.key.bucket != nil }, by: { $0.key.bucket ?? 0 })
        counter += 1
        let version = Int64(mesh.identity.generation) << 32 | counter
        for peer in targets { await send(days, version, to: peer, name: view.me?.name ?? "") }
    }

    private func send(_ days: [Int: [Counted]], _ version: Int64, to peer: PeerID, name: String) async {
        var known = sent[peer] ?? [:]
        let changed = days.keys.sorted().compactMap { day -> OwnerDay? in
            var rows = (days[day] ?? []).map { row in
                var row = row
                row.key.bucket = nil
                return row
            }
            rows.sort { ($1.requests, $0.key) < ($0.requests, $1.key) }
            rows = Array(rows.prefix(OwnerDays.rowLimit))
            return known[day]?.rows == rows ? nil : OwnerDay(day: day, version: version, rows: rows)
        }
        for start in stride(from: 0, to: changed.count, by: Self.daysPerMessage) {
            let some = Array(changed[start..<min(start + Self.daysPerMessage, changed.count)])
            let message = OwnerDays(
                owner: mesh.identity.id.hex, node: name, asOf: Date().timeIntervalSince1970, days: some)
            do {
                let body = Array(try JSONEncoder().encode(message))
                let answer = try await mesh.ask(peer, path: OwnerDays.path, body: body, limit: 4096, timeout: .seconds(5))
                guard answer.status == 200 else { return }
                for day in some { known[day.day] = day }
                sent[peer] = known
            } catch {
                // It is tried again at the next look, with whoever is in sight then.
                return logger.debug(
                    "Daily totals could not be sent", metadata: ["peer": "\(peer.shortHex)", "error": "\(error)"])
            }
        }
        if changed.isEmpty, sent[peer] == nil { sent[peer] = [:] }
    }

    /// The two peers in sight with the highest mark for this one.
    static func targets(of view: FleetView) -> [PeerID] {
        let others = view.members.filter { $0.id != view.selfID && $0.status == .alive }
        return others.map { (mark(view.selfID, $0.id), $0.id) }.sorted { $0 > $1 }.prefix(copies).map(\.1)
    }

    private static func mark(_ a: PeerID, _ b: PeerID) -> UInt64 {
        var mark = a.low &* 0x9E37_79B9_7F4A_7C15 ^ b.low ^ (b.short &<< 1) ^ a.short
        mark = (mark ^ (mark >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mark = (mark ^ (mark >> 27)) &* 0x94D0_49BB_1331_11EB
        return mark ^ (mark >> 31)
    }
}
