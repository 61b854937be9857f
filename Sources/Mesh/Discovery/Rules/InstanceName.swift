/// Names of service instances: one DNS label, at most 63 bytes of UTF-8 (RFC 6763 §4.1.1).
enum InstanceName {
    /// The longest instance name in bytes.
    static let maximumBytes = 63

    /// Host name, `-` and the first 8 digits of the short id: unique by construction, so that a clash is always a clone.
    /// The host name is cut where the whole would be too long, never the id.
    static func make(hostName: String, shortID: String) -> String {
        let suffix = "-" + truncated(String(shortID.prefix(8)), toBytes: 16)
        let cleaned = String(String.UnicodeScalarView(hostName.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f }))
        let host = truncated(cleaned, toBytes: maximumBytes - suffix.utf8.count)
        return (host.isEmpty ? "herd-peer" : host) + suffix
    }

    /// The longest prefix of whole characters within `limit` bytes of UTF-8.
    /// A single character that is longer than the limit (many combining marks) is cut between Unicode scalars.
    static func truncated(_ text: String, toBytes limit: Int) -> String {
        if text.utf8.count <= limit { return text }
        var kept = ""
        var used = 0
        for character in text {
            used += character.utf8.count
            if used > limit { break }
            kept.append(character)
        }
        if !kept.isEmpty { return kept }
        var scalars = String.UnicodeScalarView()
        used = 0
        for scalar in text.unicodeScalars {
            used += UTF8.width(scalar)
            if used > limit { break }
            scalars.append(scalar)
        }
        return String(scalars)
    }

    /// The name to try after `name` was refused as taken: `name #2`, `name #3` and so on, within 63 bytes.
    static func alternative(to name: String) -> String {
        var base = name[...]
        var number = 2
        if let mark = name.range(ofLast: " #"), let taken = Int(name[mark.upperBound...]), taken >= 2, taken < 100_000 {
            base = name[..<mark.lowerBound]
            number = taken + 1
        }
        let suffix = " #\(number)"
        return truncated(String(base), toBytes: maximumBytes - suffix.utf8.count) + suffix
    }
}

extension String {
    /// Where `needle` occurs last, by whole characters.
    fileprivate func range(ofLast needle: String) -> Range<Index>? {
        var start = endIndex
        while true {
            if self[start...].hasPrefix(needle) { return start..<index(start, offsetBy: needle.count) }
            if start == startIndex { return nil }
            start = index(before: start)
        }
    }
}
