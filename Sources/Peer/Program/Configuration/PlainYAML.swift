/// Reads the YAML that NOMYO Router's file is written in: a map of scalars, lists of scalars and maps of scalars. What goes further
/// is refused with its line, never guessed.
struct PlainYAML {
    /// What a key holds.
    enum Value: Equatable {
        case scalar(String)
        case list([String])
        case map([String: String])
    }

    /// What cannot be read.
    struct Problem: Error, Equatable {
        var line: Int
        var reason: String
    }

    /// The top-level keys.
    private(set) var values: [String: Value] = [:]
    private var open: String?

    /// Reads a text of at most 1 MiB.
    init(_ text: String) throws(Problem) {
        guard text.utf8.count <= 1 << 20 else { throw Problem(line: 1, reason: "the file is larger than 1 MiB") }
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            do throws(Mistake) {
                try read(line)
            } catch {
                throw Problem(line: number, reason: error.reason)
            }
        }
    }

    private struct Mistake: Error { var reason: String }

    private mutating func read(_ raw: Substring) throws(Mistake) {
        let line = try Self.withoutComment(raw)
        guard !line.isEmpty, line != "---", line != "..." else { return }
        let isIndented = raw.first == " "
        if raw.first == "\t" { throw Mistake(reason: "tabs cannot indent") }
        if line == "-" || line.hasPrefix("- ") {
            guard let open, values[open] == nil || values[open]?.isList == true else {
                throw Mistake(reason: "a list stands where none can be")
            }
            guard case .list(var list) = values[open] ?? .list([]) else { return }
            list.append(try Self.scalar(line.dropFirst().trimmed))
            values[open] = .list(list)
            return
        }
        let (key, rest) = try Self.pair(line)
        if isIndented {
            guard let open, values[open] == nil || values[open]?.isMap == true else {
                throw Mistake(reason: "a map stands where none can be")
            }
            guard case .map(var map) = values[open] ?? .map([:]) else { return }
            guard map[key] == nil else { throw Mistake(reason: "a key stands twice") }
            map[key] = try Self.scalar(rest)
            values[open] = .map(map)
        } else {
            guard values[key] == nil else { throw Mistake(reason: "a key stands twice") }
            open = rest.isEmpty ? key : nil
            guard !rest.isEmpty else { return }
            values[key] = try Self.value(rest)
        }
    }

    private static func value(_ text: Substring) throws(Mistake) -> Value {
        if text == "{}" { return .map([:]) }
        guard text.hasPrefix("[") else { return .scalar(try scalar(text)) }
        guard text.hasSuffix("]") else { throw Mistake(reason: "a list in brackets must end in its line") }
        var list: [String] = []
        for entry in text.dropFirst().dropLast().split(separator: ",") { list.append(try scalar(entry.trimmed)) }
        return .list(list)
    }

    /// A key and what follows its colon.
    private static func pair(_ line: Substring) throws(Mistake) -> (String, Substring) {
        if let quote = line.first, quote == "\"" || quote == "'" {
            let inner = line.dropFirst()
            guard let end = inner.firstIndex(of: quote) else { throw Mistake(reason: "a quote does not end") }
            let rest = inner[inner.index(after: end)...].trimmed
            guard rest.first == ":" else { throw Mistake(reason: "a key without a colon") }
            return (String(inner[..<end]), rest.dropFirst().trimmed)
        }
        if line.last == ":" { return (String(line.dropLast().trimmed), "") }
        guard let colon = line.firstRange(of: ": ") else {
            throw Mistake(reason: "neither a key with its value nor a list's entry")
        }
        return (String(line[..<colon.lowerBound].trimmed), line[colon.upperBound...].trimmed)
    }

    private static func scalar(_ text: Substring) throws(Mistake) -> String {
        guard let first = text.first else { return "" }
        if first == "\"" || first == "'" {
            guard text.count >= 2, text.last == first else { throw Mistake(reason: "a quote does not end") }
            let inner = text.dropFirst().dropLast()
            guard !inner.contains(first), !inner.contains("\\") else {
                throw Mistake(reason: "quotes and backslashes within quotes are not read")
            }
            return String(inner)
        }
        guard !"[{&*!|>%@`".contains(first) else { throw Mistake(reason: "'\(first)' begins something that is not read") }
        return text == "null" || text == "~" ? "" : String(text)
    }

    /// A comment begins with `#` at the start or after a blank, outside quotes.
    private static func withoutComment(_ raw: Substring) throws(Mistake) -> Substring {
        var quote: Character?
        var before: Character = " "
        for at in raw.indices {
            let character = raw[at]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "#", before == " " || before == "\t" {
                return raw[..<at].trimmed
            } else if (character == "\"" || character == "'") && " \t[,-:".contains(before) {
                quote = character
            }
            before = character
        }
        return raw.trimmed
    }
}

extension PlainYAML.Value {
    fileprivate var isList: Bool { if case .list = self { true } else { false } }
    fileprivate var isMap: Bool { if case .map = self { true } else { false } }
}

extension Substring {
    /// Without blanks at both ends.
    fileprivate var trimmed: Substring {
        var rest = self
        while let c = rest.first, c.isWhitespace { rest.removeFirst() }
        while let c = rest.last, c.isWhitespace { rest.removeLast() }
        return rest
    }
}
