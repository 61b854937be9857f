import FoundationEssentials
import Gossip

/// A `SyncMessage` as it travels over TCP: JSON, with payloads in base 64, which are a third of the size of a JSON array of bytes.
struct SyncDocument: Codable {
    /// Longest body of a question or an answer, bytes.
    static let byteLimit = 2 * 1_024 * 1_024

    private struct Record: Codable {
        var stamp: ColdStamp
        var payload: String
    }

    private var sender: MemberRecord
    private var members: [MemberRecord]
    private var have: [ColdStamp]
    private var records: [Record]
    private var hot: [HotRecord]
    private var lease: LeaseRecord?
    private var settingsDigest: SettingsDigest?
    private var settings: [SettingEntry]?
    private var roster: Roster?
    private var rosterMoves: UInt32?

    private init(_ message: SyncMessage) {
        sender = message.sender
        members = message.members
        have = message.have
        records = message.records.map { Record(stamp: $0.stamp, payload: Data($0.payload).base64EncodedString()) }
        hot = message.hot
        lease = message.lease
        settingsDigest = message.settingsDigest
        settings = message.settings
        roster = message.roster
        rosterMoves = message.rosterMoves
    }

    private func message() -> SyncMessage? {
        var cold: [ColdRecord] = []
        for record in records {
            guard let payload = Data(base64Encoded: record.payload) else { return nil }
            cold.append(ColdRecord(stamp: record.stamp, payload: Array(payload)))
        }
        return SyncMessage(
            sender: sender, members: members, have: have, records: cold, hot: hot, lease: lease,
            settingsDigest: settingsDigest ?? SettingsDigest(), settings: settings ?? [], roster: roster,
            rosterMoves: rosterMoves ?? 0)
    }

    /// The message as JSON. What does not fit is left out, cold records first: the other side pulls them next time.
    static func encode(_ message: SyncMessage, limit: Int = byteLimit) throws -> [UInt8] {
        var message = message
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        while true {
            let bytes = Array(try encoder.encode(SyncDocument(message)))
            if bytes.count <= limit { return bytes }
            if !message.records.isEmpty {
                message.records = Array(message.records.prefix(message.records.count / 2))
            } else if !message.hot.isEmpty {
                message.hot = Array(message.hot.prefix(message.hot.count / 2))
            } else if !message.settings.isEmpty {
                message.settings = Array(message.settings.prefix(message.settings.count / 2))
            } else if !message.have.isEmpty {
                message.have = Array(message.have.prefix(message.have.count / 2))
            } else if message.members.count > 1 {
                message.members = Array(message.members.prefix(message.members.count / 2))
            } else {
                return bytes
            }
        }
    }

    /// Reads a body; nil when it is not a message, or has counts and lengths that no peer has.
    static func decode(_ bytes: [UInt8]) -> SyncMessage? {
        guard bytes.count <= byteLimit, let document = try? JSONDecoder().decode(SyncDocument.self, from: Data(bytes)),
            let message = document.message(), message.isWithinBounds
        else { return nil }
        return message
    }
}
