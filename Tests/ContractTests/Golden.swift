import Foundation
import NIOHTTP1

@testable import DemoEngine

/// One recorded exchange.
struct GoldenExchange {
    var method: HTTPMethod
    var path: String
    var headers: [(String, String)]
    var body: [UInt8]?
    var status: Int
    var responseHeaders: [String: String]
    /// `json`, `text` or `lines`, whichever was recorded.
    var json: JSONValue?
    var text: String?
    var lines: [String]?

    init?(_ value: JSONValue) {
        guard let request = value["request"], let response = value["response"], let method = request["method"]?.string,
            let path = request["path"]?.string, let status = response["status"]?.integer
        else { return nil }
        self.method = HTTPMethod(rawValue: method)
        self.path = path
        headers = Self.strings(request["headers"]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        switch request["body"] {
        case nil, .null?: body = nil
        case .string(let text)?: body = Array(text.utf8)
        case let value?: body = Array(value.text.utf8)
        }
        self.status = Int(status)
        responseHeaders = Self.strings(response["headers"])
        json = response["json"]
        text = response["text"]?.string
        lines = response["lines"]?.array?.compactMap(\.string)
    }

    private static func strings(_ value: JSONValue?) -> [String: String] {
        guard case .object(let members)? = value else { return [:] }
        return Dictionary(members.compactMap { member in member.value.string.map { (member.key, $0) } }) { first, _ in first }
    }
}

/// The recordings in the test fixtures.
enum Golden {
    /// `GOLDEN_DIRECTORY` names another copy of the recordings.
    static let directory: URL =
        ProcessInfo.processInfo.environment["GOLDEN_DIRECTORY"].map { URL(filePath: $0) }
        ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/golden")

    /// Names of all recordings of an engine, without the ending.
    static func names(_ engine: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.appending(path: engine).path)
            .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    }

    static func load(_ engine: String, _ name: String) throws -> JSONValue {
        let data = try Data(contentsOf: directory.appending(path: engine).appending(path: name + ".json"))
        return try JSONDecoder().decode(JSONValue.self, from: data)
    }
}
