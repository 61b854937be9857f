import Foundation
import Gossip

/// What may follow an engine's address: `,slots=N`, `,key-env=NAME`, `,key-file=PATH`, `,key=${NAME}`, `,key-header=NAME`,
/// `,ca=PATH`, `,models=NAMES`.
struct BackendOptions {
    var slots: Int?
    var keySource: BackendKeySource?
    var keyHeader: String?
    var certificateFile: String?
    var models = ModelChoice()

    /// Words before `=`.
    static let names = ["slots", "key-env", "key-file", "key", "key-header", "ca", "models"]

    /// The address, and what follows it. Paths may hold commas: what does not begin with a known word belongs to the word before.
    static func split(_ text: Substring) throws(BackendSpecError) -> (address: String, options: BackendOptions) {
        var parts: [String] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            if parts.isEmpty || name(of: part) != nil { parts.append(String(part)) } else { parts[parts.count - 1] += "," + part }
        }
        var options = BackendOptions()
        for part in parts.dropFirst() {
            guard let name = name(of: part) else { continue }
            try options.take(name, part.dropFirst(name.count + 1))
        }
        return (parts.first ?? "", options)
    }

    /// The list's entries: one that is an option belongs to the entry before it. So a list with commas between can have options.
    static func joined(_ list: [String]) -> [String] {
        var result: [String] = []
        for entry in list {
            if let last = result.indices.last, name(of: entry) != nil {
                result[last] += "," + entry
            } else {
                result.append(entry)
            }
        }
        return result
    }

    private static func name(of part: some StringProtocol) -> String? { names.first { part.hasPrefix($0 + "=") } }

    private mutating func take(_ name: String, _ value: Substring) throws(BackendSpecError) {
        switch name {
        case "slots":
            guard let count = Int(value), (1...1024).contains(count) else { throw .badSlots(String(value.prefix(20))) }
            slots = count
        case "key-env":
            guard BackendKeySource.isName(value) else { throw .badVariable }
            keySource = .variable(String(value))
        case "key-file":
            guard !value.isEmpty else { throw .keyFileUnreadable("") }
            keySource = .file(Self.path(value))
        case "key":
            // The text may be a key: it is not repeated.
            guard let source = BackendKeySource(reference: String(value)) else { throw .writtenKey }
            keySource = source
        case "key-header":
            guard (1...64).contains(value.utf8.count), value.utf8.allSatisfy(Self.isHeaderByte) else { throw .badKeyHeader }
            keyHeader = String(value)
        case "models":
            guard let choice = ModelChoice(value) else { throw .badModels }
            models = choice
        default:
            let path = Self.path(value)
            guard Self.holdsCertificate(path) else { throw .badCertificateFile(path) }
            certificateFile = path
        }
    }

    /// `~/` is the user's own folder.
    private static func path(_ text: Substring) -> String {
        guard text.hasPrefix("~/"), let home = ProcessInfo.processInfo.environment["HOME"], !home.isEmpty else {
            return String(text)
        }
        return home + text.dropFirst()
    }

    private static func holdsCertificate(_ path: String) -> Bool {
        guard let handle = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: 4 << 20) else { return false }
        return String(decoding: data, as: UTF8.self).contains("-----BEGIN CERTIFICATE-----")
    }

    private static func isHeaderByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D
    }
}
