import Foundation

/// The body of `POST /dashboard/api/settings`: names and values; null gives a setting back to every peer's own configuration.
struct SettingsChange {
    /// What ollama-herd can be told, in truths mostly; ignored where this program does not have it.
    static let foreign: Set = [
        "auto_pull", "vram_fallback", "image_generation", "transcription", "dynamic_num_ctx", "num_ctx_auto_calculate",
        "fleet_intelligence", "num_ctx_overrides", "telemetry", "herd_nickname",
    ]
    static let maximumBytes = 1 << 20

    /// What is to be written, in the order of the names.
    var writes: [(key: String, value: Int?)] = []
    /// Known to ollama-herd, without effect here.
    var ignored: [String] = []

    /// Reads a body against the settings that there are.
    ///
    /// - Throws: `Problem` with words for the caller.
    init(_ body: Data, known: [SettingsFacts.Entry]) throws(Problem) {
        guard let object = try? JSONDecoder().decode([String: Value].self, from: body) else {
            throw Problem("the body must be a JSON object of settings, such as {\"max_retries\": 1}")
        }
        for (key, value) in object.sorted(by: { $0.key < $1.key }) {
            if let entry = known.first(where: { $0.key == key }) {
                writes.append((key, try Self.number(value, entry)))
            } else if Self.foreign.contains(key) {
                ignored.append(key)
            } else {
                throw Problem("there is no setting \(key.prefix(128)); known: \(known.map(\.key).joined(separator: ", "))")
            }
        }
    }

    struct Problem: Error, CustomStringConvertible {
        let description: String
        init(_ text: String) { description = text }
    }

    private static func number(_ value: Value, _ entry: SettingsFacts.Entry) throws(Problem) -> Int? {
        switch value {
        case .null: return nil
        case .truth(let isTrue) where Self.foreign.contains(entry.key): return isTrue ? 1 : 0
        case .number(let number) where entry.least <= number && number <= entry.most: return number
        case .number, .truth, .other:
            throw Problem("\(entry.key) is a whole number from \(entry.least) to \(entry.most), or null for each peer's own")
        }
    }

    /// What a setting may be told.
    private enum Value: Decodable {
        case null
        case number(Int)
        case truth(Bool)
        case other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let number = try? container.decode(Int.self) {
                self = .number(number)
            } else if let isTrue = try? container.decode(Bool.self) {
                self = .truth(isTrue)
            } else if let text = try? container.decode(String.self), let number = Int(text) {
                self = .number(number)
            } else {
                self = .other
            }
        }
    }
}
