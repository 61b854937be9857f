import Foundation
import Gossip

/// A drained node as the fleet's settings carry it to every peer: under `drain/ID`, as one JSON object.
///
/// The router writes it, fenced by its epoch, so no peer obeys anybody else; every peer keeps it on disk, so a node that restarts
/// stays drained, and one that is away is drained when it comes back.
struct DrainSetting: Codable, Equatable {
    /// Settings whose keys begin so are drained nodes.
    static let prefix = "drain/"

    /// The node's name when it was drained.
    var node: String
    /// The peer where somebody said so.
    var by: String
    /// When, seconds since 1970.
    var since: Int64

    /// The setting of a peer.
    static func key(_ peer: PeerID) -> String { prefix + peer.hex }

    /// The peer that a setting drains; nil for another setting.
    static func peer(_ entry: SettingEntry) -> PeerID? {
        guard entry.value != nil, entry.key.hasPrefix(prefix) else { return nil }
        return PeerID(hex: String(entry.key.dropFirst(prefix.count)))
    }

    /// Reads a setting. One that a later version wrote otherwise still drains, without words.
    init(_ entry: SettingEntry) {
        let known = entry.value.flatMap { try? JSONDecoder().decode(DrainSetting.self, from: Data($0.utf8)) }
        self = known ?? DrainSetting(node: "", by: "", since: 0)
    }

    init(node: String, by: String, since: Int64) {
        self.node = node
        self.by = by
        self.since = since
    }

    /// The setting's value.
    var text: String {
        // Two texts and a number can always be written.
        (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}
