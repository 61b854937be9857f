import GRDB

/// Counts the traces of one transaction by hour and writes the counts along with them.
///
/// In memory where all traces before were counted; else, after another program wrote into the file or a version that does not
/// count, the file's traces are counted some thousands at a time until that is made up for.
struct HourCounter {
    private struct Hour: Hashable {
        var hour: Int
        var node: String
        var model: String
        var status: String
    }

    private struct Tag: Hashable {
        var hour: Int
        var tag: String
        var status: String
    }

    private var hours: [Hour: HourCounts] = [:]
    /// The latest, not in ``hours`` yet: the next trace mostly has the same.
    private var latestHour: (key: Hour, counts: HourCounts)?
    private var tags: [Tag: HourCounts] = [:]
    private var tagsOfText: [String: [String]] = [:]
    /// Whether all traces before this transaction are counted.
    let isUpToDate: Bool
    private let db: Database

    /// The most traces that one transaction counts after the fact.
    static let catchUpRows: Int64 = 1024

    init(_ db: Database) throws {
        self.db = db
        let covered = try Int64.fetchOne(db.cachedStatement(sql: "SELECT \(ShardSchema.covered)")) ?? 0
        let latest = try Self.latest(db)
        let end = max(covered, min(latest, covered + Self.catchUpRows))
        isUpToDate = end >= latest
        guard end > covered else { return }
        try Self.catchUp(db, covered, end)
        try Self.cover(end, db)
    }

    /// Counts traces that are in the file: behind the first number, up to the second. The days that have any are rolled up anew.
    private static func catchUp(_ db: Database, _ first: Int64, _ last: Int64) throws {
        try db.cachedStatement(sql: ShardSchema.countHours).execute(arguments: [first, last])
        try db.cachedStatement(sql: ShardSchema.countTags).execute(arguments: [first, last])
        let days = try Int.fetchAll(
            db.cachedStatement(
                sql: "SELECT DISTINCT CAST(timestamp / 86400 AS INTEGER) * 86400 FROM request_traces WHERE id > ? AND id <= ?"),
            arguments: [first, last])
        for day in days { try rollUp(db, from: day, to: day + 86_400) }
    }

    /// Makes the roll-ups of whole days anew out of the counts per hour.
    static func rollUp(_ db: Database, from begin: Int, to end: Int) throws {
        for table in ShardSchema.rollUps {
            try db.cachedStatement(sql: "DELETE FROM \(table.name) WHERE hour >= ? AND hour < ?").execute(arguments: [begin, end])
            try db.cachedStatement(sql: table.fill).execute(arguments: [begin, end])
        }
    }

    /// Counts a trace that is about to be written.
    mutating func add(_ values: borrowing RowValues) throws {
        guard isUpToDate, values.isComplete else { return }
        let trace = CountedTrace(values)
        let hour = trace.hour
        let known = latestHour?.key
        if let known, known.hour == hour, values.isText(trace.node, known.node), values.isText(trace.model, known.model),
            values.isText(trace.status, known.status)
        {
            latestHour?.counts.add(trace)
        } else {
            keepLatest()
            let key = Hour(
                hour: hour, node: values.text(trace.node), model: values.text(trace.model), status: values.text(trace.status))
            var counts = hours.removeValue(forKey: key) ?? HourCounts()
            counts.add(trace)
            latestHour = (key, counts)
        }
        guard let text = trace.tags, let status = latestHour?.key.status, status != "retried" else { return }
        for tag in try tags(in: values.text(text)) {
            tags[Tag(hour: hour, tag: tag, status: status), default: HourCounts()].add(trace)
        }
    }

    private mutating func keepLatest() {
        if let latestHour { hours[latestHour.key] = latestHour.counts }
        latestHour = nil
    }

    /// Writes the counts.
    /// - Parameter isExact: Whether all traces that were counted are in the file.
    mutating func finish(isExact: Bool) throws {
        keepLatest()
        // What is not covered now is counted from the file, at the next transaction.
        guard isUpToDate, isExact, !hours.isEmpty else { return }
        let addHour = try db.cachedStatement(sql: ShardSchema.addHour)
        let addDay = try db.cachedStatement(sql: ShardSchema.days.add)
        let addTotal = try db.cachedStatement(sql: ShardSchema.hourTotals.add)
        for (key, counts) in hours {
            try addHour.execute(arguments: [key.hour, key.node, key.model, key.status] + counts.arguments)
            try addDay.execute(arguments: [Self.day(key.hour), key.node, key.model, key.status] + counts.arguments)
            try addTotal.execute(arguments: [key.hour, key.status] + counts.arguments)
        }
        let addTag = try db.cachedStatement(sql: ShardSchema.addTag)
        let addTagDay = try db.cachedStatement(sql: ShardSchema.tagDays.add)
        for (key, counts) in tags {
            try addTag.execute(arguments: [key.hour, key.tag, key.status] + counts.arguments)
            try addTagDay.execute(arguments: [Self.day(key.hour), key.tag, key.status] + counts.arguments)
        }
        try Self.cover(Self.latest(db), db)
    }

    /// As SQL rounds it.
    private static func day(_ hour: Int) -> Int { hour / 86_400 * 86_400 }

    private static func latest(_ db: Database) throws -> Int64 {
        try Int64.fetchOne(db.cachedStatement(sql: "SELECT max(id) FROM request_traces")) ?? 0
    }

    private static func cover(_ id: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE trace_hours_covered SET trace_id = ?").execute(arguments: [id])
    }

    /// By SQLite's own reader, so that counted and read tags are the same. Many requests have the same text.
    private mutating func tags(in text: String) throws -> [String] {
        if let known = tagsOfText[text] { return known }
        let statement = try db.cachedStatement(
            sql: "SELECT value FROM json_each(CASE WHEN json_valid(?1) THEN ?1 ELSE '[]' END) WHERE type = 'text'")
        let found = try String.fetchAll(statement, arguments: [text])
        if tagsOfText.count < 1024 { tagsOfText[text] = found }
        return found
    }
}
