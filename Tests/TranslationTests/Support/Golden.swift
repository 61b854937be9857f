import Foundation
import Testing

@testable import Translation

/// A recorded exchange of a real engine.
struct Golden {
    /// The request's body.
    var request: [UInt8]
    var status: Int
    var contentType: String
    /// The answer's body.
    var answer: [UInt8]

    /// The exchange that is kept in a file such as `llamacpp/v1-chat.json`.
    init(_ name: String) throws {
        let tests = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let bytes = [UInt8](try Data(contentsOf: tests.appendingPathComponent("Fixtures/golden/\(name).json")))
        let file = try JSONParser.parse(bytes, limits: TranslationLimits())
        let response = try #require(file["response"])
        request = file["request"]?["body"]?.bytes ?? []
        status = Int(try #require(response["status"]?.integer))
        contentType = response["headers"]?["Content-Type"]?.string ?? ""
        if let lines = response["lines"]?.array {
            answer = Array(lines.compactMap(\.string).joined(separator: "\n").utf8)
        } else {
            answer = response["json"]?.bytes ?? Array((response["text"]?.string ?? "").utf8)
        }
    }

    /// The answer's JSON.
    var json: JSON { get throws { try JSON.read(answer) } }
}

extension JSON {
    /// Reads bytes with the usual limits.
    static func read(_ bytes: [UInt8]) throws -> JSON { try JSONParser.parse(bytes, limits: TranslationLimits()) }

    /// Reads text with the usual limits.
    static func read(_ text: String) throws -> JSON { try read(Array(text.utf8)) }

    /// An element of a list; nil beyond its end.
    subscript(index: Int) -> JSON? {
        guard let array, array.indices.contains(index) else { return nil }
        return array[index]
    }

    /// The keys of an object in their order.
    var keys: [String] { object?.members.map(\.key) ?? [] }
}
