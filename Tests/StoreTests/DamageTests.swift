import Foundation
import GRDB
import Testing

@testable import Store

#if canImport(Glibc)
import Glibc
#endif

@Suite struct DamageTests {
    @Test func aFileThatIsNoDatabaseIsMovedAside() async throws {
        let directory = try TemporaryDirectory()
        let rubbish = Data(repeating: 0x5A, count: 5000)
        try rubbish.write(to: URL(filePath: directory.database))
        let shard = try Shard.open(directory: directory.path)
        let aside = try #require(shard.recoveredFrom)
        #expect(aside.hasPrefix(directory.database + ".corrupt-"))
        #expect(try Data(contentsOf: URL(filePath: aside)) == rubbish)
        shard.append(sampleRow(1))
        await shard.flush()
        #expect(try await shard.traceCount() == 1)
        await shard.close()
        let again = try Shard.open(directory: directory.path)
        #expect(again.recoveredFrom == nil)
        await again.close()
    }

    @Test func damagedPagesAreFoundAtTheStart() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        for number in 1...2000 { shard.append(sampleRow(number)) }
        await shard.close()
        var bytes = try Data(contentsOf: URL(filePath: directory.database))
        for position in stride(from: 4096, to: bytes.count, by: 512) { bytes[position] ^= 0xFF }
        try bytes.write(to: URL(filePath: directory.database))
        try Data("log".utf8).write(to: URL(filePath: directory.database + "-shm"))
        let second = try Shard.open(directory: directory.path)
        #expect(second.recoveredFrom != nil)
        #expect(try await second.traceCount() == 0)
        await second.close()
    }

    @Test func twoDamagedFilesInOneSecondKeepBothCopies() async throws {
        let directory = try TemporaryDirectory()
        var copies: Set<String> = []
        for number in 0..<3 {
            try Data(repeating: UInt8(number + 1), count: 4096).write(to: URL(filePath: directory.database))
            let shard = try Shard.open(directory: directory.path)
            copies.insert(try #require(shard.recoveredFrom))
            await shard.close()
            try FileManager.default.removeItem(atPath: directory.database)
        }
        #expect(copies.count == 3)
        #expect(copies.allSatisfy { FileManager.default.fileExists(atPath: $0) })
    }

    @Test func aDirectoryUnderAFileIsATypedError() throws {
        let directory = try TemporaryDirectory()
        try Data().write(to: URL(filePath: directory.path + "/file"))
        let path = directory.path + "/file/data"
        #expect { try Shard.open(directory: path) } throws: { error in
            guard case ShardError.unusableDirectory(let named, _)? = error as? ShardError else { return false }
            return named == path && "\(error)".contains("--data-dir")
        }
    }

    @Test func aDirectoryInPlaceOfTheFileIsATypedError() throws {
        let directory = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: directory.database, withIntermediateDirectories: false)
        #expect(throws: ShardError.self) { try Shard.open(directory: directory.path) }
    }

    @Test func theDirectoryIsMadeForThisUserOnly() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/a/b"
        let shard = try Shard.open(directory: path)
        await shard.close()
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o700)
    }

    /// The child is killed by SIGKILL in the middle of its writing.
    @Test func aKilledProgramKeepsItsFileAndItsWrittenRows() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let shard = try Shard.open(directory: path)
            for number in 1...5000 { shard.append(sampleRow(number)) }
            await shard.flush()
            for number in 5001...8000 { shard.append(sampleRow(number)) }
            kill(getpid(), SIGKILL)
        }
        let shard = try Shard.open(directory: path)
        #expect(shard.recoveredFrom == nil)
        let count = try await shard.traceCount()
        #expect((5000...8000).contains(count))
        let numbers = try await shard.read { db in
            try String.fetchAll(db, sql: "SELECT request_id FROM request_traces ORDER BY id")
        }
        #expect(numbers == (1...count).map { "r\($0)" })
        #expect(try await shard.read { db in try String.fetchOne(db, sql: "PRAGMA integrity_check") } == "ok")
        await shard.close()
    }

    /// What a power cut leaves: the files as they are at one moment, the log not yet copied into the file.
    @Test func theFilesOfOneMomentOpen() async throws {
        let directory = try TemporaryDirectory()
        let copy = try TemporaryDirectory()
        var configuration = ShardConfiguration()
        configuration.autocheckpointPages = 0
        let shard = try Shard.open(directory: directory.path, configuration: configuration)
        for number in 1...3000 { shard.append(sampleRow(number)) }
        await shard.flush()
        for name in [Shard.fileName, Shard.fileName + "-wal"] {
            try FileManager.default.copyItem(atPath: directory.path + "/" + name, toPath: copy.path + "/" + name)
        }
        // The last part of the log is cut off, as by a write that did not reach the disk.
        let log = URL(filePath: copy.database + "-wal")
        let whole = try Data(contentsOf: log)
        try whole.prefix(whole.count - 5000).write(to: log)
        let reopened = try Shard.open(directory: copy.path)
        #expect(reopened.recoveredFrom == nil)
        let count = try await reopened.traceCount()
        #expect(count > 0 && count <= 3000)
        #expect(try await reopened.read { db in try String.fetchOne(db, sql: "PRAGMA integrity_check") } == "ok")
        await reopened.close()
        await shard.close()
    }
}
