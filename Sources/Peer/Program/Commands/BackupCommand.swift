import ArgumentParser
import Foundation
import Store

/// `herd-peer backup`: a copy of this machine's shard, while the peer runs.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copies this machine's trace store (latency.db) into a file; the peer may run meanwhile.",
        discussion: """
            Examples:
              herd-peer backup traces-2026-11-22.db
              herd-peer backup --data-dir /var/lib/herd-peer --force /mnt/backup/latency.db
            """)

    @Argument(help: "The file to write.")
    var file: String

    @Option(help: ArgumentHelp("The folder of this machine's peer.", valueName: "folder"))
    var dataDir: String?

    @Flag(help: "Replace the file where there is one.")
    var force = false

    @Flag(help: "Print JSON for programs.")
    var json = false

    private struct Report: Encodable {
        let file: String
        let bytes: Int64
        let traces: Int
    }

    func run() async throws {
        var given: [Setting: [String]] = [:]
        if let dataDir { given[.dataDirectory] = [dataDir] }
        let directory = try ServeOptions.configuration(given).dataDirectory
        do {
            let copy = try ShardBackup.copy(directory: directory, to: file, replaces: force)
            guard json else {
                return Terminal.say("\(copy.traces) traces, \(copy.bytes / 1024) kB, in \(file); the copy was read and is whole.")
            }
            let report = try JSONEncoder().encode(Report(file: file, bytes: copy.bytes, traces: copy.traces))
            Terminal.say(String(decoding: report, as: UTF8.self))
        } catch let problem as ShardBackup.Problem {
            Terminal.complain(problem.description)
            throw ExitCode.failure
        }
    }
}
