import FoundationEssentials
import GRDB

extension Shard {
    /// Keeps days of another peer's shard. A day that is known in a newer version stays as it is.
    /// - Throws: `ShardError.query` for days beyond the limits of ``OwnerDays``.
    public func keep(_ sent: OwnerDays) async throws(ShardError) {
        guard sent.owner.utf8.count == 32, sent.node.utf8.count <= 256, sent.days.count <= OwnerDays.dayLimit,
            sent.days.allSatisfy({ $0.rows.count <= OwnerDays.rowLimit && $0.day % 86_400 == 0 }), sent.asOf.isFinite
        else { throw .query("these are no days of a shard") }
        try await write { db in
            for day in sent.days {
                try db.execute(
                    sql: """
                        INSERT INTO owner_days (owner, day, version, rows) VALUES (?, ?, ?, ?)
                        ON CONFLICT (owner, day) DO UPDATE SET version = excluded.version, rows = excluded.rows
                        WHERE excluded.version > version
                        """,
                    arguments: [
                        sent.owner, day.day, day.version, String(decoding: try JSONEncoder().encode(day.rows), as: UTF8.self),
                    ])
            }
            try db.execute(
                sql: """
                    INSERT INTO owners (owner, node, as_of) VALUES (?, ?, ?)
                    ON CONFLICT (owner) DO UPDATE SET node = excluded.node, as_of = max(as_of, excluded.as_of)
                    """, arguments: [sent.owner, sent.node, sent.asOf])
            try Self.forget(db, owner: sent.owner)
        }
    }

    private static func forget(_ db: Database, owner: String) throws {
        try db.execute(
            sql: """
                DELETE FROM owner_days WHERE owner = ?1 AND day NOT IN
                    (SELECT day FROM owner_days WHERE owner = ?1 ORDER BY day DESC LIMIT \(OwnerDays.dayLimit))
                """, arguments: [owner])
        try db.execute(
            sql: """
                DELETE FROM owners WHERE owner NOT IN (SELECT owner FROM owners ORDER BY as_of DESC LIMIT \(OwnerDays.ownerLimit))
                """)
        try db.execute(sql: "DELETE FROM owner_days WHERE owner NOT IN (SELECT owner FROM owners)")
    }

    /// What is kept of other peers' days that lie at least partly in a span.
    /// - Parameter owners: The peers, 32 hexadecimal digits each.
    /// - Parameter since: Seconds since 1970, the first moment that counts.
    /// - Parameter until: Seconds since 1970, the first moment that does not.
    public func days(of owners: [String], since: Double, until: Double) async throws(ShardError) -> [OwnerDays] {
        try await read { db in
            var found: [OwnerDays] = []
            for owner in owners {
                guard let row = try Row.fetchOne(db, sql: "SELECT node, as_of FROM owners WHERE owner = ?", arguments: [owner])
                else { continue }
                var kept = OwnerDays(owner: owner, node: row[0], asOf: row[1], days: [])
                let days = try Row.fetchCursor(
                    db,
                    sql: "SELECT day, version, rows FROM owner_days WHERE owner = ? AND day + 86400 > ? AND day < ? ORDER BY day",
                    arguments: [owner, since, until])
                while let day = try days.next() {
                    let text: String = day[2]
                    guard let rows = try? JSONDecoder().decode([Counted].self, from: Data(text.utf8)) else { continue }
                    kept.days.append(OwnerDay(day: day[0], version: day[1], rows: rows))
                }
                found.append(kept)
            }
            return found
        }
    }
}
