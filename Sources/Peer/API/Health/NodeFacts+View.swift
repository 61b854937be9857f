import Gossip
import Health

extension NodeFacts {
    /// A node as the view shows it.
    ///
    /// - Parameter silence: milliseconds since it was last heard, where that is known better than by the view.
    init(_ member: MemberView, selfID: PeerID, silence: Int64?, now: Instant) {
        let status: Status =
            switch member.status {
            case .alive: .online
            case .suspect: .degraded
            case .unreachable, .left, .asleep: .offline
            }
        self.init(member.name, status)
        isAsleep = member.status == .asleep
        isSelf = member.id == selfID
        let heard = silence ?? member.lastHeard.map { max(0, (now - $0).wholeMilliseconds) }
        silenceSeconds = isSelf ? nil : heard.map { Double($0) / 1_000 }
        version = member.fixed?.version ?? ""
        protocols = member.protocolRange.map { Int($0.lowerBound)...Int($0.upperBound) }
        isUDPBlocked = member.isUDPBlocked
        totalGigabytes = Double(member.fixed?.memoryTotalMiB ?? 0) / 1_024
        availableGigabytes = Double(member.hot?.memoryAvailableMiB ?? 0) / 1_024
        pressure =
            switch member.hot?.pressure ?? .normal {
            case .normal: .normal
            case .warn: .warn
            case .critical: .critical
            }
        let models = member.models ?? ModelsReport()
        engines = models.backends.map { Engine($0.id, isReachable: $0.reachable, problem: $0.problem) }
        resident = models.loaded.map { loaded in
            let known = models.available.first { $0.name == loaded.name && $0.backend == loaded.backend && $0.sizeBytes > 0 }
            return Resident(
                ModelKey.canonical(loaded.name), digest: loaded.digest, gigabytes: Double(loaded.sizeBytes) / 1e9,
                weights: known.map { Double($0.sizeBytes) / 1e9 }, context: loaded.contextLength)
        }
        stored = models.available.map { model in
            Stored(
                ModelKey.canonical(model.name), gigabytes: Double(model.sizeBytes) / 1e9,
                chats: model.capabilities.isEmpty || model.capabilities.contains("completion"))
        }
    }
}
