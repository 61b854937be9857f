import Foundation
import GRDB
import Testing

@testable import Store

@Suite struct BackupTests {
    @Test func aRunningShardIsCopied() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        for number in 0..<500 { shard.append(sampleRow(number)) }
        await shard.flush()
        let writing = Task { for number in 500..<3000 { shard.append(sampleRow(number)) } }
        let target = directory.path + "/copy.db"
        let copy = try ShardBackup.copy(directory: directory.path, to: target, replaces: false)
        await writing.value
        #expect(copy.traces >= 500 && copy.bytes > 0)
        let queue = try DatabaseQueue(path: target)
        #expect(try await queue.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM request_traces") } == copy.traces)
        #expect(try await queue.read { db in try String.fetchOne(db, sql: "PRAGMA integrity_check") } == "ok")
        try queue.close()
        let problem = #expect(throws: ShardBackup.Problem.self) {
            try ShardBackup.copy(directory: directory.path, to: target, replaces: false)
        }
        #expect(problem?.description.contains("--force") == true)
        await shard.flush()
        #expect(try ShardBackup.copy(directory: directory.path, to: target, replaces: true).traces == 3000)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: directory.path).filter { $0.hasPrefix("copy") } == ["copy.db"])
        await shard.close()
        // The copy is a shard.
        let other = try TemporaryDirectory()
        try FileManager.default.copyItem(atPath: target, toPath: other.database)
        let restored = try Shard.open(directory: other.path)
        #expect(try await restored.overview().totalRequests == 3000)
        await restored.close()
    }

    @Test func whatCannotBeCopiedSaysWhy() throws {
        let directory = try TemporaryDirectory()
        let nothing = #expect(throws: ShardBackup.Problem.self) {
            try ShardBackup.copy(directory: directory.path, to: directory.path + "/x", replaces: false)
        }
        #expect(nothing?.description.contains("--data-dir") == true)
        #expect(FileManager.default.createFile(atPath: directory.database, contents: Data("no database".utf8)))
        #expect(throws: ShardBackup.Problem.self) {
            try ShardBackup.copy(directory: directory.path, to: directory.path + "/x", replaces: false)
        }
        #expect(throws: ShardBackup.Problem.self) {
            try ShardBackup.copy(directory: directory.path, to: "/nowhere/at/all", replaces: true)
        }
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/x"))
    }
}
