/// The static facts in the TXT record of a peer: `fleet`, `id`, `port`, `proto`.
///
/// Format and limits follow RFC 6763 §6: strings `key=value` of at most 255 bytes, keys without regard to case,
/// the first of equal keys counts, unknown keys are ignored. Everything read comes from the network and is bounded.
struct TextRecord: Equatable {
    /// Strings beyond this number are not looked at.
    static let maximumStrings = 32
    /// Bytes in one string.
    static let maximumStringBytes = 255

    let fleetTag: String
    let shortID: String
    /// The mesh port, nil when the record has none (then the port of the SRV record counts).
    let port: UInt16?
    let protocolVersion: Int

    /// The record of an announcement.
    init(_ announcement: Announcement) {
        fleetTag = announcement.fleetTag
        shortID = announcement.shortID
        port = announcement.meshPort
        protocolVersion = announcement.protocolVersion
    }

    /// Reads a record from the network. Nil when the fleet tag or the short id is missing or malformed,
    /// or when the protocol version is out of range: then it is no announcement of a peer.
    init?(strings: [[UInt8]]) {
        var values: [String: String] = [:]
        for bytes in strings.prefix(Self.maximumStrings) where bytes.count <= Self.maximumStringBytes {
            guard let mark = bytes.firstIndex(of: UInt8(ascii: "=")), mark > 0 else { continue }
            let key = String(decoding: bytes[..<mark], as: UTF8.self).lowercased()
            guard ["fleet", "id", "port", "proto"].contains(key), values[key] == nil else { continue }
            values[key] = String(decoding: bytes[(mark + 1)...], as: UTF8.self)
        }
        guard let fleet = Self.hex(values["fleet"], digits: 8), let id = Self.hex(values["id"], digits: 16) else { return nil }
        guard let version = Self.number(values["proto"] ?? "1"), (1...255).contains(version) else { return nil }
        fleetTag = fleet
        shortID = id
        port = values["port"].flatMap(Self.number).flatMap { UInt16(exactly: $0) }.flatMap { $0 == 0 ? nil : $0 }
        protocolVersion = version
    }

    /// The strings to publish, in order.
    var strings: [[UInt8]] {
        var lines = ["fleet=\(fleetTag)", "id=\(shortID)"]
        if let port { lines.append("port=\(port)") }
        lines.append("proto=\(protocolVersion)")
        return lines.map { Array($0.utf8.prefix(Self.maximumStringBytes)) }
    }

    private static func hex(_ text: String?, digits: Int) -> String? {
        guard let text, text.utf8.count == digits else { return nil }
        let lower = text.lowercased()
        return lower.utf8.allSatisfy { isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) } ? lower : nil
    }

    /// Digits only: no sign, no blanks, at most five.
    private static func number(_ text: String) -> Int? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy(isDigit) else { return nil }
        return Int(text)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
