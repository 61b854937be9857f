import Store
import Testing

@testable import Insight

@Suite struct DayTotalsTests {
    private static let day = 86_400 * 20_000

    private func row(_ requests: Int, node: String = "n", model: String = "m") -> Counted {
        var row = Counted(key: .init(node: node, model: model))
        row.requests = requests
        return row
    }

    private var days: OwnerDays {
        OwnerDays(
            owner: "ab", node: "couch", asOf: 3,
            days: [
                OwnerDay(day: Self.day, version: 1, rows: [row(3), row(4, model: "k")]),
                OwnerDay(day: Self.day + 86_400, version: 1, rows: [row(5)]),
            ])
    }

    private func requests(_ query: CountsQuery) -> [Int]? {
        DayTotals.part(of: days, for: .counts(query))?.counted.map(\.requests)
    }

    @Test func daysAnswerWhatDaysCan() {
        #expect(requests(CountsQuery(by: [])) == [12])
        #expect(requests(CountsQuery(by: .model)) == [4, 8])
        #expect(requests(CountsQuery(by: [.day, .node])) == [7, 5])
        #expect(requests(CountsQuery(by: .node, since: Double(Self.day + 86_400))) == [5])
        // A day that lies partly in the span counts whole.
        #expect(requests(CountsQuery(by: .node, since: Double(Self.day + 100))) == [12])
        #expect(requests(CountsQuery(by: .node, until: Double(Self.day + 86_400))) == [7])
        #expect(requests(CountsQuery(by: .hour)) == nil && requests(CountsQuery(by: .tag)) == nil)
        #expect(DayTotals.part(of: days, for: .request("x")) == nil)
    }

    @Test func ofSeveralCopiesTheLatestDaysCount() throws {
        var other = days
        other.asOf = 2
        other.days[0].version = 9
        other.days[0].rows = [row(30)]
        for copies in [[days, other], [other, days]] {
            let latest = try #require(DayTotals.latest(copies))
            #expect(latest.asOf == 3 && latest.days.map { $0.rows.reduce(0) { $0 + $1.requests } } == [30, 5])
        }
        #expect(DayTotals.latest([]) == nil)
    }
}
