import Foundation
import Gossip
import Health

/// Asks all members at once what they say of themselves, and takes what comes in time.
struct FleetDigests {
    /// What came, and who is missing.
    struct Answer: Sendable {
        var digests: [PeerDigest] = []
        var missing: [MissingShard] = []
        var total = 0
    }

    let facts: PeerFacts

    /// - Parameter isLocal: this peer alone.
    func gather(since: Double? = nil, isLocal: Bool = false) async -> Answer {
        let view = facts.view()
        let others = isLocal ? [] : view.members.filter { $0.id != view.selfID && $0.status != .left }
        var answer = Answer(total: others.count + 1)
        await withTaskGroup(of: (MemberView, PeerDigest?).self) { group in
            for member in others {
                group.addTask { (member, await ask(member, since)) }
            }
            if let own = await own(since) { answer.digests.append(own) }
            for await (member, digest) in group {
                if let digest {
                    answer.digests.append(digest)
                } else {
                    answer.missing.append(MissingShard(node: member.name, lastSeen: lastSeen(member)))
                }
            }
        }
        // Arrival is chance; who reads it again wants the same order.
        answer.digests.sort { $0.node < $1.node }
        answer.missing.sort { $0.node < $1.node }
        return answer
    }

    private func own(_ since: Double?) async -> PeerDigest? {
        guard let since else { return await facts.health.own() }
        var digest = PeerDigest(node: facts.view().me?.name ?? "")
        guard let traffic = try? await facts.health.tokens(since) else { return nil }
        digest.traffic = traffic
        return digest
    }

    private func ask(_ member: MemberView, _ since: Double?) async -> PeerDigest? {
        guard member.status == .alive || member.status == .suspect else { return nil }
        let began = ContinuousClock.now
        guard let body = try? JSONEncoder().encode(HealthQuestion(since: since)),
            let answer = try? await facts.health.ask(member.id, Array(body), facts.health.deadline), answer.status == 200,
            var digest = try? JSONDecoder().decode(PeerDigest.self, from: Data(answer.body))
        else { return nil }
        // The view's name counts: another peer cannot speak for a third.
        digest.node = member.name
        let half =
            Double((ContinuousClock.now - began).components.attoseconds) / 2e18
            + Double((ContinuousClock.now - began).components.seconds) / 2
        digest.clockAhead = digest.wallClock > 0 ? digest.wallClock + half - Date().timeIntervalSince1970 : nil
        digest.clockError = half
        return digest
    }

    private func lastSeen(_ member: MemberView) -> Double? {
        member.lastHeard.map { Date().timeIntervalSince1970 - max(0, Double((facts.now() - $0).wholeMilliseconds) / 1_000) }
    }
}
