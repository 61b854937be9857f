public import Gossip

/// What this peer dispatched and saw completed per machine and model since that machine's last hot record (mesh protocol §8.2.1).
///
/// A record counts the requests that were dispatched while an older one was the newest, and does not count the others. So a
/// request is filed under the record that was the newest when it was sent. Whatever order records arrive in, the answer depends
/// only on versions.
public struct OwnDeltas: Sendable {
    /// Machines kept in mind.
    static let peerLimit = 1024
    /// Pairs of record and model kept per machine; the oldest records are forgotten first.
    static let entryLimit = 64

    private var peers = RecencyTable<PeerID, PeerDeltas>(capacity: OwnDeltas.peerLimit)

    /// Nothing dispatched.
    public init() {}

    /// A request for `model` was sent to `peer`, whose newest hot record then was `version`.
    public mutating func dispatched(to peer: PeerID, model: ModelKey, version: RecordVersion) {
        peers.update(peer, initial: PeerDeltas()) { $0.change(model, at: version) { $0.sent += 1 } }
    }

    /// A request that was dispatched at record `version` has ended.
    ///
    /// If a record counts it already, that record is now one too high until the next.
    public mutating func completed(at peer: PeerID, model: ModelKey, dispatchedAt version: RecordVersion) {
        peers.modify(peer) { $0.complete(model, dispatchedAt: version) }
    }

    /// Requests that a record of `version` does not count yet: for the model, and in all. Never negative.
    public func pending(at peer: PeerID, model: ModelKey, since version: RecordVersion) -> (model: Int, total: Int) {
        guard !peers.isEmpty, let deltas = peers[peer] else { return (0, 0) }
        return deltas.pending(model, since: version)
    }

    /// Forgets what records up to `version` of `peer` count by themselves.
    public mutating func absorbed(peer: PeerID, version: RecordVersion) {
        peers.modify(peer) { $0.absorb(version) }
    }
}

/// One machine's part of `OwnDeltas`.
struct PeerDeltas: Sendable {
    struct Entry: Sendable {
        /// The newest record when these happened.
        var version: RecordVersion
        var model: ModelKey
        /// Requests sent and not ended.
        var sent = 0
        /// Requests ended that records up to this one count.
        var ended = 0
    }

    /// Sorted by version.
    private var entries: [Entry] = []
    /// The newest record that was absorbed.
    private var newest: RecordVersion?

    mutating func change(_ model: ModelKey, at version: RecordVersion, _ body: (inout Entry) -> Void) {
        if let place = entries.firstIndex(where: { $0.version == version && $0.model == model }) {
            body(&entries[place])
            return
        }
        var entry = Entry(version: version, model: model)
        body(&entry)
        entries.insert(entry, at: entries.firstIndex { $0.version > version } ?? entries.count)
        if entries.count > OwnDeltas.entryLimit { entries.removeFirst() }
    }

    mutating func complete(_ model: ModelKey, dispatchedAt version: RecordVersion) {
        if let place = entries.firstIndex(where: { $0.version == version && $0.model == model && $0.sent > 0 }) {
            entries[place].sent -= 1
            if entries[place].sent == 0 && entries[place].ended == 0 { entries.remove(at: place) }
        } else if let newest, version < newest {
            change(model, at: newest) { $0.ended += 1 }
        }
    }

    func pending(_ model: ModelKey, since version: RecordVersion) -> (model: Int, total: Int) {
        var ofModel = 0
        var total = 0
        for entry in entries where entry.version >= version {
            total += entry.sent - entry.ended
            if entry.model == model { ofModel += entry.sent - entry.ended }
        }
        return (max(0, ofModel), max(0, total))
    }

    mutating func absorb(_ version: RecordVersion) {
        newest = max(newest ?? version, version)
        entries.removeAll { $0.version < version }
    }
}
