import GRDB

/// Carries the result of a query over GRDB's record protocol, so that the public types do not show the database library.
struct Fetched<Value: Decodable>: Decodable, FetchableRecord {
    var value: Value

    init(from decoder: any Decoder) throws { value = try Value(from: decoder) }

    /// All rows of a query.
    static func values(_ db: Database, sql: String, arguments: StatementArguments) throws -> [Value] {
        try fetchAll(db, sql: sql, arguments: arguments).map(\.value)
    }
}
