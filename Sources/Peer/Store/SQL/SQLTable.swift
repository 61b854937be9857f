/// What a query in SQL found.
public struct SQLTable: Sendable, Hashable, Codable {
    /// The columns' names.
    public var columns: [String]
    /// Each with a value per column.
    public var rows: [[SQLValue]]
    /// There were more rows than a query may bring.
    public var isCut: Bool

    /// A table.
    public init(columns: [String], rows: [[SQLValue]], isCut: Bool = false) {
        self.columns = columns
        self.rows = rows
        self.isCut = isCut
    }
}
