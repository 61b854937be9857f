import Foundation
import HTTPStub

/// The recorded answers of real engines in `Tests/Fixtures/golden`.
enum Golden {
    struct Missing: Error { var name: String }

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/golden")

    /// The answer in a file, such as `ollama/tags`; `part` names an exchange of a file that holds several.
    static func answer(_ name: String, part: String? = nil) throws -> StubAnswer {
        let data = try Data(contentsOf: folder.appendingPathComponent(name + ".json"))
        var file = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        if let part { file = file?[part] as? [String: Any] }
        guard let response = file?["response"] as? [String: Any], let status = response["status"] as? Int,
            var headers = response["headers"] as? [String: String]
        else { throw Missing(name: name) }
        // The stub sets the framing itself.
        for name in ["Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive"] { headers[name] = nil }
        let body: String
        if let json = response["json"] {
            body = String(decoding: try JSONSerialization.data(withJSONObject: json, options: .fragmentsAllowed), as: UTF8.self)
        } else if let lines = response["lines"] as? [String] {
            body = lines.joined(separator: "\n")
        } else {
            body = response["text"] as? String ?? ""
        }
        return .reply(status: status, headers: headers, body: body)
    }
}
