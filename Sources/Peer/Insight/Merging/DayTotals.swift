public import Store

/// Answers for a peer that is gone, out of the daily totals that others keep of it.
public enum DayTotals {
    /// The counts that a query asks for; nil where days by node and model cannot tell, as of hours and of tags.
    /// A day that lies only partly in the span counts whole.
    public static func part(of days: OwnerDays, for query: ShardQuery) -> ShardPart? {
        guard case .counts(let asked) = query, serve(query) else { return nil }
        let rows = days.days.filter { Double($0.day + 86_400) > asked.since && Double($0.day) < asked.until }.flatMap { day in
            day.rows.map { row in
                var row = row
                row.key.bucket = asked.grouping.contains(.day) ? day.day : nil
                if !asked.grouping.contains(.node) { row.key.node = nil }
                if !asked.grouping.contains(.model) { row.key.model = nil }
                return row
            }
        }
        return .counts(Counted.merged(rows))
    }

    /// Whether days can answer a query at all.
    public static func serve(_ query: ShardQuery) -> Bool {
        guard case .counts(let asked) = query else { return false }
        return !asked.grouping.contains(.hour) && !asked.grouping.contains(.tag)
    }

    /// The latest of several copies, day by day.
    public static func latest(_ copies: [OwnerDays]) -> OwnerDays? {
        guard var whole = copies.max(by: { $0.asOf < $1.asOf }) else { return nil }
        var days: [Int: OwnerDay] = [:]
        for day in copies.flatMap(\.days) where day.version > days[day.day]?.version ?? .min { days[day.day] = day }
        whole.days = days.values.sorted { $0.day < $1.day }
        return whole
    }
}
