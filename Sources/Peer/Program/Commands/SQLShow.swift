import Foundation
import Store

/// Asks all shards in SQL and prints what they found.
struct SQLShow {
    let peer: PeerOptions
    let asCSV: Bool

    private struct Order: Encodable {
        let sql: String
        let merge: String?
    }

    /// What the command reads of the answer of `POST /fleet/sql`.
    struct Found: Decodable {
        struct Shards: Decodable {
            struct Missing: Decodable {
                let node_id: String
                let reason: String
            }

            let answered: Int
            let total: Int
            let missing: [Missing]
        }

        let columns: [String]
        let rows: [[SQLValue]]
        let cut: Bool
        let shards: Shards
    }

    func run(_ sql: String, merge: String?) async throws {
        let data = try await peer.send("/fleet/sql", body: try JSONEncoder().encode(Order(sql: sql, merge: merge)))
        guard !peer.json else {
            Terminal.say(String(decoding: data, as: UTF8.self))
            return
        }
        let found = try JSONDecoder().decode(Found.self, from: data)
        Terminal.say(asCSV ? Self.csv(found) : Self.table(found, .current))
        if found.cut { Terminal.complain("There are more rows: a shard brings 10,000 at most.") }
        for missing in found.shards.missing { Terminal.complain("Without the shard of \(missing.node_id): \(missing.reason).") }
    }

    static func table(_ found: Found, _ screen: Screen = .plain) -> String {
        guard !found.rows.isEmpty else { return "No rows." }
        var table = Table(found.columns)
        for row in found.rows { table.add(row.map(text)) }
        return table.fitted(screen)
    }

    /// RFC 4180, lines ended by a line feed alone as programs here expect it.
    static func csv(_ found: Found) -> String {
        ([found.columns] + found.rows.map { $0.map(text) }).map { row in row.map(quoted).joined(separator: ",") }
            .joined(separator: "\n")
    }

    private static func quoted(_ text: String) -> String {
        guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    private static func text(_ value: SQLValue) -> String {
        switch value {
        case .null: ""
        case .integer(let number): String(number)
        case .real(let number): String(number)
        case .text(let text): text
        }
    }
}
