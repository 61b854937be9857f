import FoundationEssentials
import Gossip

/// `settings.json` of the data directory: the fleet's settings as this peer last knew them.
struct SettingsFile: Sendable {
    /// What is in it.
    private struct Document: Codable {
        /// Milliseconds since 1970: deleted keys are older by the time that has passed since.
        var savedAt: Int64
        var settings: [SettingEntry]
    }

    /// Far more than 512 entries need.
    static let byteLimit = 4 << 20

    let path: String

    init(directory: String) { path = directory + "/settings.json" }

    /// The entries; none where there is no file. `warning` says why a file cannot be used.
    func load(nowMilliseconds: Int64) -> (entries: [SettingEntry], warning: String?) {
        let bytes: [UInt8]?
        do throws(FileFailure) { bytes = try DurableFile.read(path, limit: Self.byteLimit) } catch {
            return ([], error.description)
        }
        guard let bytes else { return ([], nil) }
        guard bytes.count <= Self.byteLimit, let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)) else {
            return ([], "it is no settings file of this program")
        }
        let passed = UInt32(clamping: max(0, nowMilliseconds - document.savedAt) / 1_000)
        let entries = document.settings.filter(\.isWithinBounds).map { entry in
            var entry = entry
            if entry.value == nil {
                entry.deletedSecondsAgo = UInt32(clamping: UInt64(entry.deletedSecondsAgo) + UInt64(passed))
            }
            return entry
        }
        let lost = document.settings.count - entries.count
        return (entries, lost == 0 ? nil : "\(lost) of its entries are out of bounds and were left out")
    }

    /// Replaces the file; on disk when it returns.
    func save(_ entries: [SettingEntry], nowMilliseconds: Int64) throws(FileFailure) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(Document(savedAt: nowMilliseconds, settings: entries)) else {
            throw FileFailure("encode", path, code: 22)
        }
        try DurableFile.replace(path, with: Array(data) + [UInt8(ascii: "\n")])
    }
}
