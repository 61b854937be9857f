public import Gossip

/// Requests at this peer that found every machine busy: clients take turns per model, bounded.
///
/// The first of each model tries again; the others stand behind it, so nobody overtakes who does not come before it
/// (`FairPlace`). A request that tries keeps its place: a call for it in that time is kept until it is back. Whoever holds the
/// line calls the requests that it returns.
public struct WaitLine: Sendable {
    private struct Entry: Sendable {
        var id: UInt64
        var model: ModelKey
        var peers: [PeerID]
        var place: FairPlace
        var isTrying = false
        var wasCalled = false

        /// Its id to be called, unless it tries already: then it tries once more afterwards.
        mutating func call() -> UInt64? {
            wasCalled = isTrying
            guard !isTrying else { return nil }
            isTrying = true
            return id
        }
    }

    /// Requests that may wait; those that wait already stay. As many again may whose client has nothing in line: a flood keeps
    /// nobody else out.
    public var limit: Int
    /// In the order of arrival.
    private var entries: [Entry] = []
    private var share = FairShare()

    /// An empty line.
    public init(limit: Int) { self.limit = limit }

    /// How many wait.
    public var count: Int { entries.count }

    /// How many wait for a model.
    public func count(of model: ModelKey) -> Int { entries.count { $0.model == model } }

    /// Joins, or keeps its place; the position among requests of the model, counted from 1; nil when the line is full.
    public mutating func join(_ id: UInt64, model: ModelKey, peers: [PeerID], turn: Turn, now: Instant) -> Int? {
        if let at = index(of: id) {
            entries[at].isTrying = false
            entries[at].peers = peers
        } else {
            let isNew = entries.count >= limit && !entries.contains { $0.place.turn.client == turn.client }
            guard entries.count < limit || (isNew && entries.count < limit * 2) else { return nil }
            entries.append(Entry(id: id, model: model, peers: peers, place: share.place(turn, now: now)))
        }
        return position(of: id, now: now)
    }

    /// A call came while it tried: its id, because it shall try again at once.
    public mutating func missedCall(_ id: UInt64) -> UInt64? {
        guard let at = index(of: id), entries[at].wasCalled else { return nil }
        return entries[at].call()
    }

    /// Leaves; returns the one that is first now and should try at once.
    public mutating func leave(_ id: UInt64, now: Instant) -> UInt64? {
        guard let at = index(of: id) else { return nil }
        let old = entries.remove(at: at)
        share.left(old.place)
        return wakeFirst(of: old.model, now: now)
    }

    /// Where it stands among requests of its model, counted from 1.
    public func position(of id: UInt64, now: Instant) -> Int? {
        guard let at = index(of: id) else { return nil }
        let own = entries[at]
        return 1 + entries.count { $0.model == own.model && share.precedes($0.place, own.place, now: now) }
    }

    /// It may try now by its own timer: it is the first of its model. It counts as trying then.
    public mutating func mayTry(_ id: UInt64, now: Instant) -> Bool {
        guard let at = index(of: id), position(of: id, now: now) == 1 else { return false }
        entries[at].isTrying = true
        return true
    }

    /// Somebody waits for this model who comes before a request that comes now.
    public func holds(_ model: ModelKey, before turn: Turn, now: Instant) -> Bool {
        let place = share.peek(turn, now: now)
        return entries.contains { $0.model == model && share.precedes($0.place, place, now: now) }
    }

    /// The first of `model`, if it is not trying already.
    public mutating func wakeFirst(of model: ModelKey, now: Instant) -> UInt64? {
        guard let at = first(now, where: { $0.model == model }) else { return nil }
        return entries[at].call()
    }

    /// The first that can use a free slot at `peer`, if it is not trying already. When it takes the slot, it calls the next one.
    public mutating func wakeFirst(for peer: PeerID, now: Instant) -> UInt64? {
        guard let at = first(now, where: { $0.peers.contains(peer) }) else { return nil }
        return entries[at].call()
    }

    /// All who wait, per model in the order in which their turn comes; models in the order of their first arrivals.
    public func standings(now: Instant) -> [LineStanding] {
        var models: [ModelKey] = []
        for entry in entries where !models.contains(entry.model) { models.append(entry.model) }
        return models.flatMap { model in
            entries.filter { $0.model == model }.sorted { share.precedes($0.place, $1.place, now: now) }
                .enumerated().map { offset, entry in
                    LineStanding(
                        id: entry.id, model: model, peers: entry.peers, turn: entry.place.turn, position: offset + 1,
                        since: entry.place.since)
                }
        }
    }

    private func first(_ now: Instant, where matches: (Entry) -> Bool) -> Int? {
        var best: Int?
        for at in entries.indices where matches(entries[at]) {
            if let held = best, !share.precedes(entries[at].place, entries[held].place, now: now) { continue }
            best = at
        }
        return best
    }

    private func index(of id: UInt64) -> Int? { entries.firstIndex { $0.id == id } }
}
