import GRDB
import Testing

@testable import Store

/// Daily totals of other peers' shards.
@Suite struct OwnerDayTests {
    private static let day = 1_700_006_400 / 86_400 * 86_400
    private static let owner = String(repeating: "ab", count: 16)

    private func counted(_ requests: Int) -> Counted {
        var row = Counted(key: .init(node: "n", model: "m"))
        row.requests = requests
        return row
    }

    private func days(_ list: [(day: Int, version: Int64, requests: Int)], owner: String = owner, asOf: Double = 5) -> OwnerDays {
        OwnerDays(
            owner: owner, node: "couch", asOf: asOf,
            days: list.map { OwnerDay(day: $0.day, version: $0.version, rows: [counted($0.requests)]) })
    }

    @Test func theOwnersNewerVersionWins() async throws {
        let directory = try TemporaryDirectory()
        var shard = try Shard.open(directory: directory.path)
        try await shard.keep(days([(Self.day, 7, 3), (Self.day + 86_400, 7, 9)]))
        try await shard.keep(days([(Self.day, 6, 99)], asOf: 4))
        try await shard.keep(days([(Self.day + 86_400, 8, 10)], asOf: 6))
        await shard.close()
        shard = try Shard.open(directory: directory.path)
        let kept = try #require(try await shard.days(of: [Self.owner, "nobody"], since: 0, until: 1e12).first)
        #expect(kept.days.map { $0.rows.map(\.requests) } == [[3], [10]] && kept.days.map(\.version) == [7, 8])
        #expect(kept.node == "couch" && kept.asOf == 6)
        let later = try await shard.days(of: [Self.owner], since: Double(Self.day + 86_400), until: 1e12)
        #expect(later.first?.days.map(\.day) == [Self.day + 86_400])
        #expect(try await shard.days(of: [Self.owner], since: 0, until: Double(Self.day)).first?.days.isEmpty == true)
        await shard.close()
    }

    @Test func whatIsKeptIsBounded() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        for start in 0..<3 {
            try await shard.keep(days((0..<200).map { (Self.day + (start * 200 + $0) * 86_400, 1, 1) }))
        }
        let kept = try await shard.days(of: [Self.owner], since: 0, until: 1e14).first
        #expect(kept?.days.count == OwnerDays.dayLimit && kept?.days.first?.day == Self.day + 200 * 86_400)
        for number in 0..<70 {
            let owner = String(repeating: "0", count: 30) + String(number + 10)
            try await shard.keep(days([(Self.day, 1, 1)], owner: owner, asOf: Double(number + 100)))
        }
        #expect(try await shard.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM owners") } == OwnerDays.ownerLimit)
        #expect(
            try await shard.read { db in try Int.fetchOne(db, sql: "SELECT count(DISTINCT owner) FROM owner_days") }
                == OwnerDays.ownerLimit)
        await shard.close()
    }

    @Test func whatAreNoDaysIsRefused() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        for bad in [
            days([(Self.day + 1, 1, 1)]), days([], owner: "short"), days([], asOf: .infinity),
            days((0...OwnerDays.dayLimit).map { (Self.day + $0 * 86_400, 1, 1) }),
        ] {
            await #expect(throws: ShardError.self) { try await shard.keep(bad) }
        }
        await shard.close()
    }
}
