import Foundation
import Gossip
import Insight

/// All shards of the fleet as one: asks every member at once and merges what comes in time.
///
/// `try await FleetMemory(facts).recall(.counts(CountsQuery(by: [.day, .node])))` is all that a page needs. A new kind of question
/// is a new case of `ShardQuery`.
struct FleetMemory {
    /// An answer, and whose shards it covers.
    struct Recalled {
        let part: ShardPart
        let shards: ShardCoverage
    }

    private let facts: PeerFacts

    init(_ facts: PeerFacts) { self.facts = facts }

    /// Asks the fleet, or with `isLocal` this peer's own shard alone.
    func recall(_ query: ShardQuery, isLocal: Bool = false) async throws -> Recalled {
        try query.check()
        let view = facts.view()
        let own = view.me?.name ?? "this peer"
        let others = isLocal ? [] : view.members.filter { $0.id != view.selfID }
        let body = Array(try JSONEncoder().encode(ShardQuestion(query)))
        var parts: [ShardPart] = []
        var missing: [ShardCoverage.Missing] = []
        await withTaskGroup(of: Heard.self) { group in
            group.addTask {
                do { return .part(try await facts.shards.own(query)) } catch { return .missing(own, nil, "\(error)") }
            }
            for member in others {
                group.addTask { await ask(member, body) }
            }
            for await heard in group {
                switch heard {
                case .part(let part): parts.append(part)
                case .missing(let name, let seen, let reason):
                    missing.append(.init(node_id: name, last_seen: seen, reason: reason))
                }
            }
        }
        missing.sort { $0.node_id < $1.node_id }
        return Recalled(
            part: .merged(parts, of: query),
            shards: ShardCoverage(answered: parts.count, total: others.count + 1, missing: missing))
    }

    private enum Heard: Sendable {
        case part(ShardPart)
        case missing(_ name: String, _ lastSeen: Double?, _ reason: String)
    }

    private func ask(_ member: MemberView, _ body: [UInt8]) async -> Heard {
        func missing(_ reason: String) -> Heard { .missing(member.name, lastSeen(member), reason) }
        switch member.status {
        case .alive, .suspect: break
        case .unreachable: return missing("it cannot be reached")
        case .asleep: return missing("it sleeps")
        case .left: return missing("it left")
        }
        do {
            let answer = try await facts.shards.ask(member.id, body, facts.shards.deadline)
            switch answer.status {
            case 200: return .part(try JSONDecoder().decode(ShardPart.self, from: Data(answer.body)))
            case 400, 404, 405: return missing("its version does not know this question")
            case 403: return missing("it does not take this peer for one of its fleet")
            default: return missing("its shard cannot be read (status \(answer.status))")
            }
        } catch let error as DecodingError {
            return missing("its answer could not be read: \(error)")
        } catch {
            return missing("it did not answer: \(error)")
        }
    }

    private func lastSeen(_ member: MemberView) -> Double? {
        member.lastHeard.map { Date().timeIntervalSince1970 - max(0, Double((facts.now() - $0).wholeMilliseconds) / 1000) }
    }
}
