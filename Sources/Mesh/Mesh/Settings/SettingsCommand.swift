import FoundationEssentials
import Gossip

/// The body of `POST /herd/v1/settings`: a write, with the fence of the router that it is for (mesh protocol §7.6).
struct SettingsCommand: Codable, Hashable, Sendable {
    /// The router's epoch, as the caller obeys it.
    var epoch: UInt64
    /// The router, 32 hex digits.
    var router: String
    /// Who asks, 32 hex digits: for the history.
    var from: String
    var writes: [SettingWrite]

    /// Writes in one command.
    static let mostWrites = 512
    /// Bytes of the longest body: all settings with their JSON around them.
    static let byteLimit = 1 << 20

    func encode() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return Array(try encoder.encode(self))
    }

    /// Reads a body; nil when it is none.
    static func decode(_ body: [UInt8]) -> SettingsCommand? {
        guard body.count <= byteLimit, let command = try? JSONDecoder().decode(SettingsCommand.self, from: Data(body)),
            command.writes.count <= mostWrites
        else { return nil }
        return command
    }
}
