import Foundation
import Logging
import Testing

@testable import Program

@Suite struct LogTests {
    @Test func everyLineIsAJSONObjectUnderOllamaHerdsKeys() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("herd-log-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = LogFile(dataDirectory: folder.path)
        var logger = Logger(label: "test") { label in JSONLineLogHandler(label: label, level: .info, write: file.append) }
        logger[metadataKey: "node.id"] = "desk"
        logger.info("quote \" backslash \\ line\nend \u{1}", metadata: ["model": "m"])
        logger.debug("not this")
        let text = try String(contentsOf: folder.appendingPathComponent("logs/herd.jsonl"), encoding: .utf8)
        let lines = text.split(separator: "\n")
        #expect(lines.count == 1)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: String])
        #expect(object["msg"] == "quote \" backslash \\ line\nend \u{1}")
        #expect(object["level"] == "INFO")
        #expect(object["node_id"] == "desk")
        #expect(object["model"] == "m")
        #expect(object["logger"] == "test")
        #expect(object["ts"]?.hasSuffix("Z") == true)
    }

    @Test func aFolderThatCannotBeMadeLosesLinesOnly() {
        let file = LogFile(dataDirectory: "/dev/null/nowhere")
        file.append("{}")
    }
}
