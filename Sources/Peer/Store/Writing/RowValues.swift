internal import GRDB
internal import GRDBSQLite

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// The values of some rows by their columns' places: the part of ``RowBinder`` that is the same for all tables.
///
/// Several rows go into one statement, whose cursors then find their places once; the texts of these rows are collected as UTF-8 in
/// one buffer, and SQLite reads them where they lie. Of a single row in a statement that was prepared and bound with care the
/// statement itself was the largest part.
@usableFromInline struct RowValues: ~Copyable {
    @usableFromInline var bytes = RowBytes()

    @usableFromInline enum Value {
        case integer(Int64)
        case number(Double)
        case text(start: Int, end: Int)
    }

    private var values: [(place: Int32, value: Value)] = []
    private var rows = 0
    private var bits: UInt64 = 0
    private var rowBegin = (values: 0, bytes: 0)
    private let one: OpaquePointer
    private let many: OpaquePointer
    private let required: UInt64
    private let columns: Int32
    private static var empty: StaticString { "" }

    /// Rows that go into one statement.
    static var rowsTogether: Int { 8 }

    /// - Parameter one: The insert of one row.
    /// - Parameter many: The insert of ``rowsTogether`` rows.
    /// - Parameter required: One bit per column that must have a value.
    init(one: Statement, many: Statement, columns: Int, required: UInt64) {
        self.columns = Int32(columns)
        self.required = required
        self.one = one.sqliteStatement
        self.many = many.sqliteStatement
        for statement in [self.one, self.many] {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        values.reserveCapacity(Self.rowsTogether * columns)
    }

    /// Sets a text. Readers cut a text at a zero byte: U+FFFD takes its place.
    @usableFromInline mutating func set(_ column: Int32, text: String) {
        let start = bytes.count
        bytes.append(text)
        if bytes.hasZero(from: start) {
            bytes.cut(to: start)
            bytes.append(text.replacing("\0", with: "\u{FFFD}"))
        }
        set(column, .text(start: start, end: bytes.count))
    }

    @usableFromInline mutating func set(_ column: Int32, _ value: Value) {
        bits |= 1 << UInt64(column)
        values.append((column + Int32(rows) * columns, value))
    }

    /// Whether the row that is being made has what its table must have.
    var isComplete: Bool { bits & required == required }

    /// Calls with each value of the row that is being made, by the place of its column.
    func forCurrentRow(_ body: (Int32, Value) -> Void) {
        let offset = Int32(rows) * columns
        for number in rowBegin.values..<values.count { body(values[number].place - offset, values[number].value) }
    }

    /// A text of it.
    func text(_ place: Range<Int>) -> String { bytes.withBytes { String(decoding: $0[place], as: UTF8.self) } }

    /// Whether a text of it is this one.
    func isText(_ place: Range<Int>, _ text: String) -> Bool {
        bytes.withBytes { bytes in
            guard let base = bytes.baseAddress else { return place.isEmpty && text.isEmpty }
            // What this program made itself lies in one piece.
            return text.utf8.withContiguousStorageIfAvailable { text in
                text.count == place.count
                    && (text.baseAddress.map { memcmp($0, base + place.lowerBound, place.count) == 0 } ?? true)
            } ?? false
        }
    }

    /// The row is complete.
    /// - Returns: How many rows the table has taken and refused by now; most go with others later.
    /// - Throws: What ends the batch: a full disk, a lock, damage.
    mutating func endRow() throws -> RowCounts {
        guard isComplete else {
            values.removeSubrange(rowBegin.values...)
            bytes.cut(to: rowBegin.bytes)
            bits = 0
            return RowCounts(written: 0, refused: 1)
        }
        bits = 0
        rows += 1
        rowBegin = (values.count, bytes.count)
        return rows < Self.rowsTogether ? RowCounts() : try flush()
    }

    /// Writes the rows that wait for others.
    /// - Throws: What ends the batch.
    mutating func flush() throws -> RowCounts {
        var counts = RowCounts()
        let together = rows == Self.rowsTogether ? rows : 1
        var next = 0
        for first in stride(from: 0, to: rows, by: together) {
            let statement = together == 1 ? one : many
            let end = Int32(first + together) * columns
            while next < values.count, values[next].place <= end {
                bind(values[next].value, Int32(values[next].place - Int32(first) * columns), statement)
                next += 1
            }
            counts += try step(statement, rows: together)
        }
        values.removeAll(keepingCapacity: true)
        bytes.clear()
        rows = 0
        rowBegin = (0, 0)
        return counts
    }

    private func bind(_ value: Value, _ place: Int32, _ statement: OpaquePointer) {
        switch value {
        case .integer(let value): sqlite3_bind_int64(statement, place, value)
        case .number(let value): sqlite3_bind_double(statement, place, value)
        case .text(let start, let end):
            bytes.withBytes { buffer in
                // What is bound lives until the statement is reset; no byte at all must still not be NULL.
                let text = start == end ? Self.empty.utf8Start : buffer.baseAddress.map { $0 + start }
                sqlite3_bind_text(
                    statement, place, UnsafeRawPointer(text)?.assumingMemoryBound(to: CChar.self), Int32(clamping: end - start),
                    nil)
            }
        }
    }

    private func step(_ statement: OpaquePointer, rows: Int) throws -> RowCounts {
        let connection = sqlite3_db_handle(statement)
        let code = sqlite3_step(statement)
        let words = code == SQLITE_DONE ? nil : String(cString: sqlite3_errmsg(connection))
        sqlite3_reset(statement)
        sqlite3_clear_bindings(statement)
        switch code & 0xFF {
        case SQLITE_DONE: return RowCounts(written: rows, refused: 0)
        case SQLITE_CONSTRAINT, SQLITE_TOOBIG, SQLITE_MISMATCH:
            // Somebody added a rule of his own to the table. The rows before the refused one are in.
            let written = min(Int(sqlite3_changes(connection)), rows - 1)
            return RowCounts(written: written, refused: rows - written)
        default: throw DatabaseError(resultCode: ResultCode(rawValue: code), message: words)
        }
    }
}

extension RowBytes {
    fileprivate func hasZero(from start: Int) -> Bool {
        withBytes { buffer in
            guard start < buffer.count, let base = buffer.baseAddress else { return false }
            return memchr(base + start, 0, buffer.count - start) != nil
        }
    }
}
