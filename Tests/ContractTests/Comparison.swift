import NIOHTTP1

@testable import DemoEngine

/// Compares an answer with a recorded one: what must be equal is equal, what differs from run to run has the same kind.
struct Comparison {
    /// Differences, each with the place where it is.
    private(set) var differences: [String] = []
    /// Whether the words of errors may differ.
    var ignoresErrorText = false

    /// Values that differ from run to run: their kind must be the same.
    private static let volatile: Set<String> = [
        "created", "created_at", "completed_at", "modified_at", "expires_at", "id", "call_id", "item_id", "request_id", "digest",
        "total_duration", "load_duration", "prompt_eval_duration", "eval_duration", "status",
    ]
    /// Lists whose values depend on the weights: length or kind must be the same.
    private static let weights: Set<String> = ["embedding", "embeddings", "context"]
    /// Texts that depend on how the model was made.
    private static let modelTexts: Set<String> = ["modelfile", "template"]
    private static let headers = [
        "Content-Type", "Allow", "Vary", "Cache-Control", "Connection", "Access-Control-Allow-Origin",
        "Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Max-Age", "Transfer-Encoding",
    ]

    mutating func compare(_ golden: GoldenExchange, _ answer: TestResponse?) {
        guard let answer else {
            differences.append("no answer")
            return
        }
        expect("status", golden.status, answer.status)
        for name in Self.headers {
            expect(name, golden.responseHeaders[name] ?? "-", answer.headers.first(name: name) ?? "-")
        }
        expect("complete", true, answer.isComplete)
        if let text = golden.text { expect("text", text, answer.text) }
        if let json = golden.json {
            guard let found = JSONValue.parse(answer.body) else {
                differences.append("body is no JSON: \(answer.text.prefix(200))")
                return
            }
            compare(json, found, at: "$", key: "")
        }
        if let lines = golden.lines { compare(lines, answer.lines) }
    }

    private mutating func compare(_ golden: [String], _ lines: [String]) {
        expect("number of lines", golden.count, lines.count)
        for (index, (expected, found)) in zip(golden, lines).enumerated() {
            let place = "line \(index + 1)"
            if let expectedJSON = Self.json(expected), let foundJSON = Self.json(found) {
                expect("\(place) prefix", Self.prefix(expected), Self.prefix(found))
                compare(expectedJSON, foundJSON, at: place, key: "")
            } else {
                expect(place, expected, found)
            }
        }
    }

    private static func prefix(_ line: String) -> String { String(line.prefix { $0 != "{" }) }

    private static func json(_ line: String) -> JSONValue? {
        guard let start = line.firstIndex(of: "{") else { return nil }
        return JSONValue.parse(Array(line[start...].utf8))
    }

    private mutating func compare(_ golden: JSONValue, _ found: JSONValue, at place: String, key: String) {
        switch (golden, found) {
        case (.object(let expected), .object(let actual)):
            let expectedKeys = expected.map(\.key).sorted()
            expect("\(place) keys", expectedKeys, actual.map(\.key).sorted())
            for member in expected {
                guard let other = found[member.key] else { continue }
                compare(member.value, other, at: place + "." + member.key, key: member.key)
            }
        case (.array(let expected), .array(let actual)):
            if key == "context" {
                expect("\(place) items", true, actual.allSatisfy { $0.integer != nil })
                return
            }
            expect("\(place) length", expected.count, actual.count)
            for (index, pair) in zip(expected, actual).enumerated() {
                compare(pair.0, pair.1, at: "\(place)[\(index)]", key: Self.weights.contains(key) ? key : "")
            }
        default:
            if Self.modelTexts.contains(key) {
                expect("\(place) kind", "string", found.goKind)
            } else if Self.isVolatile(key, golden) || (ignoresErrorText && key == "error") {
                expect("\(place) kind", Self.kind(golden), Self.kind(found))
            } else if Self.number(golden) != nil, Self.number(golden) == Self.number(found) {
                return
            } else {
                expect(place, golden, found)
            }
        }
    }

    private static func isVolatile(_ key: String, _ value: JSONValue) -> Bool {
        if weights.contains(key) { return true }
        // `status` is volatile only where it names a layer by its digest.
        if key == "status" { return value.string?.contains("layer sha256:") ?? false }
        return volatile.contains(key)
    }

    private static func number(_ value: JSONValue) -> Double? {
        switch value {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    private static func kind(_ value: JSONValue) -> String {
        // A vector in base64 has a fixed length.
        if case .string(let text) = value, text.utf8.count > 400 { return "string of \(text.utf8.count)" }
        return value.goKind
    }

    private mutating func expect<T: Equatable>(_ place: String, _ expected: T, _ found: T) {
        if expected != found { differences.append("\(place): expected \(expected), found \(found)") }
    }
}
