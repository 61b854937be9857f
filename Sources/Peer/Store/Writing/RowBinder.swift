internal import GRDB

/// The values of a row on their way into a table, on the writer's queue. What is not set is NULL.
public struct RowBinder<Column: RowColumn>: ~Copyable {
    @usableFromInline var values: RowValues

    /// - Parameter one: The insert of one row.
    /// - Parameter many: The insert of ``RowValues/rowsTogether`` rows.
    init(one: Statement, many: Statement) {
        values = RowValues(one: one, many: many, columns: Column.allCases.count, required: Column.requiredBits)
    }

    /// The texts of the rows, one after another. Who makes a text himself appends it here and calls ``setText(_:from:)``.
    @inlinable public var bytes: RowBytes {
        _read { yield values.bytes }
        _modify { yield &values.bytes }
    }

    /// Sets a number. One that is none becomes NULL.
    @inlinable public mutating func set(_ column: Column, _ value: Double?) {
        if let value, !value.isNaN { values.set(column.rawValue, .number(value)) }
    }

    /// Sets a whole number.
    @inlinable public mutating func set(_ column: Column, _ value: Int?) {
        if let value { values.set(column.rawValue, .integer(Int64(value))) }
    }

    /// Sets a whole number of 64 bits.
    @inlinable public mutating func set(_ column: Column, _ value: Int64?) {
        if let value { values.set(column.rawValue, .integer(value)) }
    }

    /// Sets 1 or 0.
    @inlinable public mutating func set(_ column: Column, _ value: Bool) {
        values.set(column.rawValue, .integer(value ? 1 : 0))
    }

    /// Sets a text; an empty one is not NULL. Readers cut a text at a zero byte: U+FFFD takes its place.
    @inlinable public mutating func set(_ column: Column, _ value: String?) {
        if let value { values.set(column.rawValue, text: value) }
    }

    /// Sets the text that was appended to ``bytes`` since it had so many. It must not hold a zero byte.
    @inlinable public mutating func setText(_ column: Column, from start: Int) {
        values.set(column.rawValue, .text(start: start, end: bytes.count))
    }

    /// The statement for so many rows. A failing row must not undo those before it in its statement: to be able to, SQLite would
    /// keep a second journal.
    static func insertSQL(_ table: String, _ columns: [String], rows: Int) -> String {
        let row = "(" + columns.map { _ in "?" }.joined(separator: ", ") + ")"
        return "INSERT OR FAIL INTO \(table) (\(columns.joined(separator: ", "))) VALUES "
            + Array(repeating: row, count: rows).joined(separator: ", ")
    }
}
