import Foundation
import Gossip
import Insight
import Store

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
        let others = isLocal ? [] : view.members.filter { $0.id != view.selfID }
        let away = others.filter { $0.absence != nil }
        let present = others.filter { $0.absence == nil }
        // Some time is left for a second question: who keeps days of those that did not answer the first one?
        let first = DayTotals.serve(query) && others.count > 1 ? facts.shards.deadline * 7 / 10 : facts.shards.deadline
        var heard = await ask(present, ShardQuestion(query, absent: away.map(\.id.hex)), first, withOwn: true)
        heard.silent.merge(away.map { ($0.id, $0.absence ?? "") }, uniquingKeysWith: { old, _ in old })
        let lost = present.filter { heard.silent[$0.id] != nil }
        let kept = present.filter { heard.silent[$0.id] == nil }
        if DayTotals.serve(query), !isLocal, !lost.isEmpty {
            let question = ShardQuestion(query, absent: lost.map(\.id.hex))
            let more = await ask(kept, question, facts.shards.deadline - first, withOwn: false)
            heard.days.merge(more.days, uniquingKeysWith: +)
        }
        return whole(query, view, heard, total: others.count + 1)
    }

    /// What came, by whom.
    private struct Heard {
        var parts: [PeerID: ShardPart] = [:]
        /// Who did not answer, and why.
        var silent: [PeerID: String] = [:]
        /// Days of absent peers, by their owners' ids, with who keeps them.
        var days: [String: [(holder: PeerID, days: OwnerDays)]] = [:]
    }

    private enum Answer: Sendable {
        case reply(ShardReply)
        case silence(String)
    }

    /// Asks peers and, if wanted, this one, all at once.
    private func ask(_ members: [MemberView], _ question: ShardQuestion, _ time: Duration, withOwn: Bool) async -> Heard {
        guard let body = try? Array(JSONEncoder().encode(question)) else { return Heard() }
        let own = facts.view().selfID
        return await withTaskGroup(of: (PeerID, Answer).self) { group in
            group.addTask { (own, await askOwn(question, withOwn)) }
            for member in members { group.addTask { (member.id, await ask(member, body, time)) } }
            var heard = Heard()
            for await (peer, answer) in group {
                switch answer {
                case .reply(let reply):
                    if withOwn || peer != own { heard.parts[peer] = reply.part }
                    for days in reply.days where question.absent.contains(days.owner) {
                        heard.days[days.owner, default: []].append((peer, days))
                    }
                case .silence(let reason): heard.silent[peer] = reason
                }
            }
            return heard
        }
    }

    private func askOwn(_ question: ShardQuestion, _ withOwn: Bool) async -> Answer {
        do {
            let part = withOwn ? try await facts.shards.own(question.query) : .empty(question.query)
            return .reply(ShardReply(part: part, days: question.absent.isEmpty ? [] : try await facts.shards.days(question)))
        } catch {
            return .silence("\(error)")
        }
    }

    private func ask(_ member: MemberView, _ body: [UInt8], _ time: Duration) async -> Answer {
        do {
            let answer = try await facts.shards.ask(member.id, body, time)
            switch answer.status {
            case 200: return .reply(try JSONDecoder().decode(ShardReply.self, from: Data(answer.body)))
            case 400, 404, 405: return .silence("its version does not know this question")
            case 403: return .silence("it does not take this peer for one of its fleet")
            default: return .silence("its shard cannot be read (status \(answer.status))")
            }
        } catch let error as DecodingError {
            return .silence("its answer could not be read: \(error)")
        } catch {
            return .silence("it did not answer: \(error)")
        }
    }

    /// Puts everything together. In the order of ids, so that sums of fractions are the same whoever is asked.
    private func whole(_ query: ShardQuery, _ view: FleetView, _ heard: Heard, total: Int) -> Recalled {
        var parts = heard.parts
        let missing = heard.silent.sorted { $0.key < $1.key }.map { peer, reason in
            let member = view.member(peer)
            var entry = ShardCoverage.Missing(
                node_id: member?.name ?? peer.shortHex, last_seen: member?.lastSeen(now: facts.now()), reason: reason)
            let copies = heard.days[peer.hex] ?? []
            if let days = DayTotals.latest(copies.map(\.days)), let part = DayTotals.part(of: days, for: query) {
                parts[peer] = part
                let holder = copies.filter { $0.days.asOf == days.asOf }.map(\.holder).min()
                entry.replica_of_days_at = holder.map { view.member($0)?.name ?? $0.shortHex }
                entry.replica_as_of = days.asOf
            }
            return entry
        }
        return Recalled(
            part: .merged(parts.sorted { $0.key < $1.key }.map(\.value), of: query),
            shards: ShardCoverage(
                answered: heard.parts.count, total: total, missing: missing.sorted { $0.node_id < $1.node_id }))
    }
}
