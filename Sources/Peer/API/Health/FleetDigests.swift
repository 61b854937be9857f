import Foundation
import Gossip
import Health
import Insight

/// Asks all members at once what they say of themselves, and takes what comes in time.
struct FleetDigests {
    /// What came, and who is missing.
    struct Answer: Sendable {
        var digests: [PeerDigest] = []
        var missing: [MissingShard] = []
        var total = 0

        /// The same as every page of statistics says it.
        var coverage: ShardCoverage {
            ShardCoverage(
                answered: digests.count, total: total,
                missing: missing.map { .init(node_id: $0.node, last_seen: $0.lastSeen, reason: $0.reason) })
        }
    }

    private enum Heard: Sendable {
        case digest(PeerDigest)
        case nothing(_ reason: String)
    }

    let facts: PeerFacts

    /// - Parameter isLocal: this peer alone.
    func gather(isLocal: Bool = false) async -> Answer {
        let view = facts.view()
        let others = isLocal ? [] : view.members.filter { $0.id != view.selfID && $0.status != .left }
        var answer = Answer(total: others.count + 1)
        await withTaskGroup(of: (MemberView, Heard).self) { group in
            for member in others {
                group.addTask { (member, await ask(member)) }
            }
            answer.digests.append(await facts.health.own())
            for await (member, heard) in group {
                switch heard {
                case .digest(let digest): answer.digests.append(digest)
                case .nothing(let reason):
                    answer.missing.append(
                        MissingShard(node: member.name, lastSeen: member.lastSeen(now: facts.now()), reason: reason))
                }
            }
        }
        // Arrival is chance; who reads it again wants the same order.
        answer.digests.sort { $0.node < $1.node }
        answer.missing.sort { $0.node < $1.node }
        return answer
    }

    private func ask(_ member: MemberView) async -> Heard {
        if let absence = member.absence { return .nothing(absence) }
        let began = ContinuousClock.now
        do {
            let body = try JSONEncoder().encode(HealthQuestion())
            let answer = try await facts.health.ask(member.id, Array(body), facts.health.deadline)
            guard answer.status == 200 else {
                return .nothing(
                    [400, 404, 405].contains(answer.status)
                        ? "its version does not know this question" : "it answered with status \(answer.status)")
            }
            var digest = try JSONDecoder().decode(PeerDigest.self, from: Data(answer.body))
            // The view's name counts: another peer cannot speak for a third.
            digest.node = member.name
            let half = (ContinuousClock.now - began) / .seconds(2)
            digest.clockAhead = digest.wallClock > 0 ? digest.wallClock + half - Date().timeIntervalSince1970 : nil
            digest.clockError = half
            return .digest(digest)
        } catch is DecodingError {
            return .nothing("its answer could not be read")
        } catch {
            return .nothing("it did not answer: \(error)")
        }
    }
}
