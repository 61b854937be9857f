import Foundation
import Logging
import Synchronization
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

    @Test func eachDayHasItsFileAndThirtyAreKept() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("herd-log-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let today = Mutex("")
        let days = (1...12).flatMap { month in (1...3).map { String(format: "2031-%02d-%02d", month, $0) } }
        let file = LogFile(dataDirectory: folder.path, utcDay: { today.withLock(\.self) })
        for day in days {
            today.withLock { $0 = day }
            file.append("first of \(day)")
            file.append("second of \(day)")
        }
        let logs = folder.appendingPathComponent("logs")
        let names = try FileManager.default.contentsOfDirectory(atPath: logs.path).sorted()
        #expect(names == ["herd.jsonl"] + days.dropLast().suffix(30).map { "herd.jsonl.\($0)" })
        for (name, day) in [("herd.jsonl", days[35]), ("herd.jsonl.\(days[34])", days[34])] {
            let text = try String(contentsOf: logs.appendingPathComponent(name), encoding: .utf8)
            #expect(text == "first of \(day)\nsecond of \(day)\n")
        }
    }

    @Test func aNewProcessGoesOnInTodaysFile() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("herd-log-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for line in ["one", "two"] { LogFile(dataDirectory: folder.path).append(line) }
        let text = try String(contentsOf: folder.appendingPathComponent("logs/herd.jsonl"), encoding: .utf8)
        #expect(text == "one\ntwo\n")
    }

    @Test func aFolderThatCannotBeMadeLosesLinesOnly() {
        let file = LogFile(dataDirectory: "/dev/null/nowhere")
        file.append("{}")
    }
}
