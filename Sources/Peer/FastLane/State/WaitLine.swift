internal import Gossip

/// Requests at this peer that found every machine busy: first come, first served per model, bounded.
///
/// The first of each model tries again; the others stand behind it, so nobody overtakes. A request that tries keeps its place: a
/// call for it in that time is kept until it is back.
struct WaitLine {
    private struct Entry {
        var id: UInt64
        var model: ModelKey
        var peers: [PeerID]
        var isTrying = false
        var wasCalled = false
        var wake: Wake

        /// The call, unless it tries already: then it tries once more afterwards.
        mutating func call() -> Wake? {
            wasCalled = isTrying
            guard !isTrying else { return nil }
            isTrying = true
            return wake
        }
    }

    /// Requests that may wait; those that wait already stay.
    var limit: Int
    private var entries: [Entry] = []

    init(limit: Int) { self.limit = limit }

    /// How many wait.
    var count: Int { entries.count }

    /// Joins at the end, or keeps its place; the position among requests of the model, counted from 1; nil when the line is full.
    mutating func join(_ id: UInt64, model: ModelKey, peers: [PeerID], wake: Wake) -> Int? {
        if let at = index(of: id) {
            entries[at].isTrying = false
            entries[at].peers = peers
        } else {
            guard entries.count < limit else { return nil }
            entries.append(Entry(id: id, model: model, peers: peers, wake: wake))
        }
        return position(of: id)
    }

    /// A call came while it tried: it shall try again at once.
    mutating func missedCall(_ id: UInt64) -> Wake? {
        guard let at = index(of: id), entries[at].wasCalled else { return nil }
        return entries[at].call()
    }

    /// Leaves; returns the call to the one that is first now and should try at once.
    mutating func leave(_ id: UInt64) -> Wake? {
        guard let at = index(of: id) else { return nil }
        let model = entries.remove(at: at).model
        return wakeFirst(of: model)
    }

    /// Where it stands among requests of its model, counted from 1.
    func position(of id: UInt64) -> Int? {
        guard let at = index(of: id) else { return nil }
        return entries[...at].count { $0.model == entries[at].model }
    }

    /// It may try now by its own timer: it is the first of its model. It counts as trying then.
    mutating func mayTry(_ id: UInt64) -> Bool {
        guard let at = index(of: id), position(of: id) == 1 else { return false }
        entries[at].isTrying = true
        return true
    }

    /// Somebody waits for this model.
    func holds(_ model: ModelKey) -> Bool { entries.contains { $0.model == model } }

    /// The first of `model`, if it is not trying already.
    mutating func wakeFirst(of model: ModelKey) -> Wake? {
        guard let at = entries.firstIndex(where: { $0.model == model }) else { return nil }
        return entries[at].call()
    }

    /// The first that can use a free slot at `peer`, if it is not trying already. When it takes the slot, it calls the next one.
    mutating func wakeFirst(for peer: PeerID) -> Wake? {
        guard let at = entries.firstIndex(where: { $0.peers.contains(peer) }) else { return nil }
        return entries[at].call()
    }

    private func index(of id: UInt64) -> Int? { entries.firstIndex { $0.id == id } }
}
