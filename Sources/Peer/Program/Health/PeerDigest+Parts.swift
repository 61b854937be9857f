import Foundation
import Gossip
import Health
import Machine
import Mesh
import Store

extension PeerParts {
    /// What this peer says of itself; its shard is read for it.
    func digest() async -> PeerDigest {
        var digest = PeerDigest(node: nodeName)
        let statistics = shard.statistics
        watch.see(lostRows: Int(traces.dropped) + statistics.rowsDropped)
        watch.fill(&digest)
        digest.capture = capture.digest
        digest.router = mesh.currentView.router?.id.hex
        digest.writer.lost = Int(traces.dropped) + statistics.rowsDropped
        digest.writer.waiting = statistics.rowsWaiting
        digest.writer.problem = statistics.lastError
        digest.writer.isFileGone = !shard.isFileInPlace
        digest.writer.movedAside = shard.recoveredFrom
        let process = ProcessReader()
        digest.processGigabytes = Double(process.residentBytes) / 1_073_741_824
        let swap = process.swap
        digest.swapUsedGigabytes = Double(swap.used) / 1_073_741_824
        digest.swapTotalGigabytes = Double(swap.total) / 1_073_741_824
        if let disk = await machine.sample().disk {
            digest.diskFreeGigabytes = Double(disk.availableBytes) / 1e9
            digest.diskTotalGigabytes = Double(disk.totalBytes) / 1e9
        }
        do {
            digest.traffic = try await TrafficDigest.read(shard, now: Date().timeIntervalSince1970)
        } catch {
            digest.writer.problem = digest.writer.problem ?? "\(error)"
        }
        // Last, so that the time of the reading does not count as a difference of clocks.
        digest.wallClock = Date().timeIntervalSince1970
        return digest
    }
}

extension TrafficDigest {
    /// The last day and the last hour of a shard: requests by status out of the counts per hour, the rest of the newest traces.
    static func read(_ shard: Shard, now: Double) async throws -> TrafficDigest {
        // The others wait less than a second for this answer: a disk that hangs must not keep it.
        await shard.flush(within: .milliseconds(200))
        let dayBegan = now - 86_400
        let hourBegan = now - 3_600
        var digest = TrafficDigest()
        for count in try await shard.pairCounts(since: dayBegan) {
            digest.change(node: count.nodeID, model: count.model) { $0.day.add(count) }
        }
        for count in try await shard.pairCounts(since: hourBegan) {
            digest.change(node: count.nodeID, model: count.model) { $0.hour.add(count) }
        }
        return try await shard.fold(since: dayBegan, limit: closelyRead, into: digest) { digest, row in
            digest.look(at: TraceGlance(row), hourBegan: hourBegan)
        }
    }
}

extension TrafficCounts {
    /// Adds requests of one status.
    mutating func add(_ count: PairCount) {
        add(status: count.status, requests: count.requests)
        guard count.status != "retried" else { return }
        substituted += count.fallbacks
        firstTokens += count.firstTokens
        firstTokenSum += count.firstTokenMilliseconds
    }
}

extension TraceGlance {
    /// A row of the shard.
    init(_ row: TraceOutline) {
        self.init()
        node = row.nodeID
        model = row.model
        originalModel = row.originalModel
        status = row.status
        format = row.originalFormat
        latency = row.latencyMilliseconds
        firstToken = row.timeToFirstTokenMilliseconds
        promptTokens = row.promptTokens
        completionTokens = row.completionTokens
        isSubstituted = row.fallbackUsed
        rewrites = row.rewrites
        timestamp = row.timestamp
    }
}
