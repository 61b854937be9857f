import Foundation
import GRDB
import Synchronization
import Testing

@testable import Store

/// A directory of its own for one test, removed at the end.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "shard-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var database: String { path + "/" + Shard.fileName }

    /// Reads the file with a connection that knows nothing of the shard.
    func inspect<T>(_ body: (Database) throws -> T) throws -> T {
        let queue = try DatabaseQueue(path: database)
        defer { try? queue.close() }
        return try queue.read(body)
    }
}

/// A finished request with a number.
func sampleRow(_ number: Int, node: String = "alpha", status: String = "completed", timestamp: Double? = nil) -> TraceRow {
    var row = TraceRow(
        requestID: "r\(number)", model: "tiny:latest", originalModel: "tiny", nodeID: node, status: status,
        timestamp: timestamp ?? 1_700_000_000 + Double(number))
    row.latencyMilliseconds = Double(number)
    row.promptTokens = 10
    row.completionTokens = 5
    return row
}

/// Waits until the condition holds; gives up after 20 s.
func eventually(_ condition: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < end {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    Issue.record("the condition did not come true")
}

/// Every table as `name(column type flags, …)` and its indices, in a text that a diff can show.
func schemaText(_ db: Database) throws -> String {
    let tables = [
        "latency_observations", "latency_observations_imported", "request_traces", "benchmark_runs", "fleet_briefings",
        "executions",
    ]
    return try tables.map { table in
        let columns = try Row.fetchAll(db, sql: "PRAGMA table_info(\(table))").map { row -> String in
            var text = "  \(row["name"] as String) \(row["type"] as String)"
            if row["notnull"] == 1 { text += " NN" }
            if let value: String = row["dflt_value"] { text += " =\(value)" }
            if row["pk"] == 1 { text += " PK" }
            return text
        }
        // A view has none, and must not be asked.
        let indices = try (db.viewExists(table) ? [] : db.indexes(on: table)).map { index in
            "  index (\(index.columns.joined(separator: ", ")))" + (index.isUnique ? " unique" : "")
        }.sorted()
        return ([table] + columns + indices).joined(separator: "\n")
    }.joined(separator: "\n")
}
