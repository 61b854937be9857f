import FastLane
import Foundation
import Health
import Logging
import NIOCore
import Testing

@testable import Program

/// What is captured of requests: where it goes, how much of it, who may read it, and when it is gone.
@Suite struct CaptureTests {
    private let directory = FileManager.default.temporaryDirectory.appendingPathComponent("herd-capture-\(UUID().uuidString)")
    private var debug: URL { directory.appendingPathComponent("debug") }

    private func names() -> [String] { ((try? FileManager.default.contentsOfDirectory(atPath: debug.path)) ?? []).sorted() }

    private func writer(_ settings: CaptureSettings = CaptureSettings(isOn: true)) -> CaptureWriter {
        CaptureWriter(
            node: "desk", dataDirectory: directory.path, settings: settings,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func request(_ id: String, _ body: [UInt8]) -> CapturedRequest {
        CapturedRequest(id: id, path: "/api/chat", clientIP: "10.0.0.9", timestamp: 1.5, body: ByteBuffer(bytes: body))
    }

    private func day(_ text: String) throws -> Date { try #require(ISO8601DateFormatter().date(from: text + "T12:00:00Z")) }

    @Test func everyRequestIsALineThatItsOwnerAloneReads() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let writer = writer()
        let long = Array(repeating: UInt8(ascii: "x"), count: CaptureWriter.longestBody - 1) + Array("ü and more".utf8)
        for (id, body) in [("a", Array("{\"prompt\":\"hi\nü\"}".utf8)), ("b", [0xFF, 0x00]), ("c", long)] {
            writer.take(request(id, body))
        }
        writer.flush()
        let file = debug.appendingPathComponent(try #require(names().first))
        for (path, mode) in [(debug.path, 0o700), (file.path, 0o600)] {
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == mode)
        }
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        try #require(lines.count == 3)
        #expect(lines[0]["request_id"] as? String == "a" && lines[0]["body"] as? String == "{\"prompt\":\"hi\nü\"}")
        #expect(lines[0]["node_id"] as? String == "desk" && lines[0]["path"] as? String == "/api/chat")
        #expect(lines[0]["ts"] as? Double == 1.5 && lines[0]["client_ip"] as? String == "10.0.0.9")
        #expect(lines[1]["body"] == nil && lines[1]["body_base64"] as? String == "/wA=")
        #expect(lines[2]["truncated"] as? Bool == true && lines[2]["bytes"] as? Int == long.count)
        let kept = try #require(lines[2]["body"] as? String)
        #expect(kept.utf8.count == CaptureWriter.longestBody - 1, "no character is cut in two")
        #expect(try #require(writer.digest).megabytes > 1)
    }

    @Test func whatHasNoRoomIsDroppedAndCounted() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        // A file where the folder should be: nothing can be written, and nothing else happens.
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try Data().write(to: debug)
        let writer = writer()
        for number in 0..<5 { writer.take(request("\(number)", [120])) }
        writer.flush()
        #expect(writer.digest == CaptureDigest(retentionDays: 7, megabytes: 0, dropped: 5))
        #expect(self.writer(CaptureSettings()).digest == nil)
    }

    @Test func filesAreFewAndTheOldestGoFirst() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        var folder = CaptureFolder(
            dataDirectory: directory.path, settings: CaptureSettings(isOn: true, days: 3, maximumBytes: 8_000))
        let line = Data(repeating: UInt8(ascii: "x"), count: 300)
        let now = try day("2031-05-01")
        for _ in 0..<100 {
            try folder.append(line, now: now)
            #expect(folder.bytes <= 8_000)
        }
        #expect(folder.bytes > 6_000 && names().count <= 9)
        #expect(names().last == "requests.2031-05-01.jsonl" && !names().contains("requests.2031-05-01.000001.jsonl"))
        // A line that is longer than a file may be has one of its own.
        try folder.append(Data(repeating: 120, count: 2_000), now: now)
        #expect(folder.bytes <= 8_000 + 2_000)
    }

    @Test func whatIsOldGoesAlsoWhenNothingIsCapturedAnyMore() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        var folder = CaptureFolder(dataDirectory: directory.path, settings: CaptureSettings(isOn: true, days: 2))
        for day in ["2031-02-27", "2031-02-28", "2031-03-01"] { try folder.append(Data("x\n".utf8), now: try self.day(day)) }
        #expect(names() == ["requests.2031-02-28.jsonl", "requests.2031-03-01.jsonl"])
        try Data().write(to: debug.appendingPathComponent("notes.txt"))
        CaptureFolder(dataDirectory: directory.path, settings: CaptureSettings(days: 2)).removeOld(try day("2031-03-09"))
        #expect(names() == ["notes.txt"], "what somebody else put there is not touched")
    }

    @Test func aFolderThatIsDeletedIsMadeAnewAndAFileIsGoneOnWith() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let now = try day("2031-03-01")
        for text in ["one\n", "two\n"] {
            var folder = CaptureFolder(dataDirectory: directory.path, settings: CaptureSettings(isOn: true))
            try folder.append(Data(text.utf8), now: now)
            if text == "two\n" {
                let file = debug.appendingPathComponent("requests.2031-03-01.jsonl")
                #expect(try String(contentsOf: file, encoding: .utf8) == "one\ntwo\n")
                try FileManager.default.removeItem(at: debug)
                try folder.append(Data("three\n".utf8), now: now)
                #expect(try String(contentsOf: file, encoding: .utf8) == "three\n")
            }
        }
    }
}
