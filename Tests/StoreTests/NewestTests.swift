import GRDB
import Testing

@testable import Store

/// Traces by the time of their arrival, with filters, against the same choice made by hand.
@Suite struct NewestTests {
    private static let start = 1_700_006_400.0

    private func rows() -> [TraceRow] {
        (0..<400).map { number in
            var row = sampleRow(
                number, node: ["a", "b"][number % 2], status: number % 97 == 0 ? "failed" : "completed",
                timestamp: Self.start + Double((number * 7919) % 36_000 / 10 * 10))
            row.model = ["m:1", "n:2", "rare"][number % 50 == 0 ? 2 : number % 2]
            row.tags = number % 40 == 0 ? #"["x"]"# : nil
            row.clientIP = "10.0.0.\(number % 3)"
            return row
        }
    }

    private func filters() -> [TraceFilter] {
        var all = [TraceFilter()]
        func add(_ change: (inout TraceFilter) -> Void) {
            var filter = TraceFilter()
            change(&filter)
            all.append(filter)
        }
        add { $0.model = "rare" }
        add { $0.nodeID = "a" }
        add { $0.status = "failed" }
        add { $0.tag = "x" }
        add { $0.clientIP = "10.0.0.2" }
        add { ($0.model, $0.nodeID, $0.status) = ("m:1", "a", "completed") }
        add { ($0.tag, $0.status) = ("x", "failed") }
        add { $0.model = "nobody" }
        add { ($0.since, $0.until) = (Self.start + 5000, Self.start + 9000) }
        add { ($0.model, $0.since, $0.until) = ("n:2", Self.start + 5000, Self.start + 9001) }
        return all
    }

    private func fits(_ row: TraceRow, _ filter: TraceFilter) -> Bool {
        (filter.model ?? row.model) == row.model && (filter.nodeID ?? row.nodeID) == row.nodeID
            && (filter.status ?? row.status) == row.status && (filter.tag == nil || row.tags == #"["x"]"#)
            && (filter.clientIP ?? row.clientIP) == row.clientIP && row.timestamp >= filter.since ?? 0
            && row.timestamp < filter.until ?? .infinity
    }

    @Test func everyFilterFindsWhatFitsPageByPage() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        let all = rows()
        for row in all { shard.append(row) }
        await shard.flush()
        for filter in filters() {
            // Written one after the other, so the row's number is its place.
            let expected = all.enumerated().filter { fits($0.element, filter) }
                .sorted { ($1.element.timestamp, $1.offset) < ($0.element.timestamp, $0.offset) }.map(\.element.requestID)
            var found: [String] = []
            var place: TracePlace?
            repeat {
                let page = try await shard.newestTraces(limit: 37, filter: filter, behind: place)
                found += page.rows.map(\.requestID)
                place = page.rows.count < 37 ? nil : page.rows.last.map { TracePlace(timestamp: $0.timestamp, id: $0.id ?? 0) }
                if page.rows.count < 37 { #expect(page.stoppedAt == nil) }
            } while place != nil
            #expect(found == expected, "\(filter)")
        }
        await shard.close()
    }

    /// Rows of another program are in no count yet.
    @Test func rowsThatAreNotCountedAreFoundToo() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        shard.append(sampleRow(1))
        await shard.flush()
        try await shard.write { db in
            try db.execute(
                sql: """
                    INSERT INTO request_traces (request_id, model, original_model, node_id, status, timestamp)
                    VALUES ('foreign', 'other', 'other', 'n', 'completed', 1)
                    """)
        }
        var filter = TraceFilter()
        filter.model = "other"
        #expect(try await shard.newestTraces(filter: filter).rows.map(\.requestID) == ["foreign"])
        await shard.close()
    }

    @Test func figuresAreSpreadPerModel() async throws {
        let directory = try TemporaryDirectory()
        let shard = try Shard.open(directory: directory.path)
        for row in rows() { shard.append(row) }
        await shard.flush()
        let all = rows().filter { $0.status == "completed" }
        for figure in SpreadFigure.allCases {
            let spreads = try await shard.spreads(of: [figure], since: 0, latest: 1000)
            let counts = Dictionary(spreads.map { ($0.model, $0.spread.count) }, uniquingKeysWith: +)
            guard figure != .firstToken else {
                #expect(counts.isEmpty)
                continue
            }
            #expect(counts == Dictionary(grouping: all, by: \.model).mapValues(\.count), "\(figure)")
        }
        let latency = try await shard.spreads(of: [.latency, .totalTokens], since: 0, latest: 1000).first { $0.model == "rare" }?
            .spread
        #expect(latency?.maximum == all.filter { $0.model == "rare" }.compactMap(\.latencyMilliseconds).max())
        let few = try await shard.spreads(of: [.latency], since: 0, latest: 2)
        #expect(few.allSatisfy { $0.spread.count <= 4 })
        let times = all.map(\.timestamp).sorted()
        let middle = times[times.count / 2]
        let recent = try await shard.spreads(of: [.latency], since: 0, latest: 1000, recent: middle)
        let newer = Dictionary(grouping: all.filter { $0.timestamp >= middle }, by: \.model)
        #expect(!newer.isEmpty && latency != nil)
        for row in recent {
            #expect(row.recentMaximum == newer[row.model]?.compactMap(\.latencyMilliseconds).max(), "\(row.model)")
        }
        #expect(few.allSatisfy { $0.recentMaximum == nil })
        await shard.close()
    }
}
