import GRDB

/// A row type that lives in a table; its coding keys are the column names.
protocol StoredRow: Codable, Sendable {
    static var tableName: String { get }
}

/// Carries a row type over GRDB's record protocols, so that the public types do not show the database library.
struct Stored<Value: StoredRow>: Codable, Sendable, FetchableRecord, PersistableRecord {
    static var databaseTableName: String { Value.tableName }

    var value: Value

    init(_ value: Value) { self.value = value }

    init(from decoder: any Decoder) throws { value = try Value(from: decoder) }

    func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }

    /// All rows of a query.
    static func values(_ db: Database, sql: String, arguments: StatementArguments = []) throws -> [Value] {
        try fetchAll(db, sql: sql, arguments: arguments).map(\.value)
    }
}
