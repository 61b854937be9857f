internal import GRDB
internal import GRDBSQLite

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// The values of one row on their way into a prepared insert, on the writer's queue. What is not set is NULL.
///
/// Texts are collected as UTF-8 in one buffer that all rows of a batch share, and SQLite reads them where they lie:
/// a row needs no memory of its own.
public struct RowBinder<Column: RowColumn> {
    /// The texts of this row, one after another. Who makes a text himself appends it here and calls ``setText(_:from:)``.
    public var bytes: [UInt8] = []

    private var texts: [(column: Int32, start: Int, end: Int)] = []
    private let statement: OpaquePointer
    private static var keptCapacity: Int { 1 << 20 }

    init(_ statement: Statement) {
        self.statement = statement.sqliteStatement
        sqlite3_reset(self.statement)
        sqlite3_clear_bindings(self.statement)
        bytes.reserveCapacity(4096)
        texts.reserveCapacity(24)
    }

    /// Sets a number. One that is none becomes NULL.
    public mutating func set(_ column: Column, _ value: Double?) {
        guard let value else { return }
        sqlite3_bind_double(statement, column.rawValue, value)
    }

    /// Sets a whole number.
    public mutating func set(_ column: Column, _ value: Int?) {
        guard let value else { return }
        sqlite3_bind_int64(statement, column.rawValue, Int64(value))
    }

    /// Sets a whole number of 64 bits.
    public mutating func set(_ column: Column, _ value: Int64?) {
        guard let value else { return }
        sqlite3_bind_int64(statement, column.rawValue, value)
    }

    /// Sets 1 or 0.
    public mutating func set(_ column: Column, _ value: Bool) {
        sqlite3_bind_int64(statement, column.rawValue, value ? 1 : 0)
    }

    /// Sets a text; an empty one is not NULL.
    public mutating func set(_ column: Column, _ value: String?) {
        guard let value else { return }
        let start = bytes.count
        bytes.append(contentsOf: value.utf8)
        setText(column, from: start)
    }

    /// Sets the text that was appended to ``bytes`` since it had so many.
    public mutating func setText(_ column: Column, from start: Int) {
        texts.append((column.rawValue, start, bytes.count))
    }

    /// Writes the row and forgets its values.
    /// - Returns: Whether it is in the table. A row that the table refuses (no number where one must be, a text beyond
    ///   SQLite's limits) is left out, and the batch goes on.
    /// - Throws: What ends the batch: a full disk, a lock, damage.
    mutating func insert() throws -> Bool {
        if hasZeros { replaceZeros() }
        let (code, words) = bytes.withUnsafeBytes { buffer in
            for text in texts {
                // What is bound lives until the statement is reset; no byte at all must still not be NULL.
                let at =
                    text.start == text.end ? UnsafeRawPointer(Self.empty.utf8Start) : buffer.baseAddress.map { $0 + text.start }
                sqlite3_bind_text(
                    statement, text.column, at?.assumingMemoryBound(to: CChar.self), Int32(clamping: text.end - text.start), nil)
            }
            let code = sqlite3_step(statement)
            let words = code == SQLITE_DONE ? nil : String(cString: sqlite3_errmsg(sqlite3_db_handle(statement)))
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
            return (code, words)
        }
        texts.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptCapacity)
        switch code & 0xFF {
        case SQLITE_DONE: return true
        case SQLITE_CONSTRAINT, SQLITE_TOOBIG, SQLITE_MISMATCH: return false
        default: throw DatabaseError(resultCode: ResultCode(rawValue: code), message: words)
        }
    }

    private var hasZeros: Bool {
        bytes.withUnsafeBytes { buffer in buffer.baseAddress.map { memchr($0, 0, buffer.count) != nil } ?? false }
    }

    /// Readers cut a text at a zero byte: U+FFFD takes its place.
    private mutating func replaceZeros() {
        var clean: [UInt8] = []
        clean.reserveCapacity(bytes.count + 64)
        for number in texts.indices {
            let start = clean.count
            for byte in bytes[texts[number].start..<texts[number].end] {
                if byte == 0 { clean += [0xEF, 0xBF, 0xBD] } else { clean.append(byte) }
            }
            texts[number] = (texts[number].column, start, clean.count)
        }
        bytes = clean
    }

    private static var empty: StaticString { "" }
}
