import GRDBSQLite

/// A connection of its own to a file, for queries that somebody else wrote. It opens the file for reading, refuses by an
/// authorizer whatever does not read, ends queries that take too long, and bounds texts and answers.
///
/// By SQLite's own interface: the library that the shard uses keeps the authorizer for itself.
final class ReadOnlyConnection {
    private var handle: OpaquePointer?
    private let limits: SQLLimits
    private let clock = ContinuousClock()
    private var end: ContinuousClock.Instant

    /// - Parameter path: The file; nil for an empty database in memory, which can be filled by ``fill(_:as:)``.
    init(path: String?, limits: SQLLimits) throws(SQLProblem) {
        self.limits = limits
        end = clock.now
        let flags =
            path == nil
            ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX
            : SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX
        guard sqlite3_open_v2(path ?? ":memory:", &handle, flags, nil) == SQLITE_OK else { throw problem() }
        sqlite3_busy_timeout(handle, 1000)
        sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0)
        sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, Int32(limits.bytes))
        sqlite3_limit(handle, SQLITE_LIMIT_SQL_LENGTH, Int32(SQLLimits.longestText))
        sqlite3_limit(handle, SQLITE_LIMIT_EXPR_DEPTH, 200)
        sqlite3_limit(handle, SQLITE_LIMIT_COLUMN, 200)
        // Functions that give tables are made at their first use, which looks like making a table.
        try execute("SELECT 1 FROM json_each('[]'), json_tree('[]')")
    }

    deinit {
        sqlite3_close_v2(handle)
    }

    /// Makes a table in memory out of rows.
    func fill(_ table: SQLTable, as name: String) throws(SQLProblem) {
        let columns = table.columns.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }
        try execute("CREATE TABLE \(name) (\(columns.joined(separator: ", ")))")
        let places = Array(repeating: "?", count: columns.count).joined(separator: ", ")
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(handle, "INSERT INTO \(name) VALUES (\(places))", -1, &statement, nil) == SQLITE_OK else {
            throw problem()
        }
        defer { sqlite3_finalize(statement) }
        try execute("BEGIN")
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        for row in table.rows {
            for (place, value) in row.enumerated() {
                let index = Int32(place + 1)
                switch value {
                case .null: sqlite3_bind_null(statement, index)
                case .integer(let number): sqlite3_bind_int64(statement, index, number)
                case .real(let number): sqlite3_bind_double(statement, index, number)
                case .text(let text): sqlite3_bind_text(statement, index, text, -1, copied)
                }
            }
            guard sqlite3_step(statement) == SQLITE_DONE else { throw problem() }
            sqlite3_reset(statement)
        }
        try execute("COMMIT")
    }

    private func execute(_ sql: String) throws(SQLProblem) {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw problem() }
    }

    /// Runs one query that only reads.
    func table(_ sql: String) throws(SQLProblem) -> SQLTable {
        guard sql.utf8.count <= SQLLimits.longestText else { throw .tooLarge }
        end = clock.now + limits.time
        let own = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_set_authorizer(handle, Self.authorize, own)
        sqlite3_progress_handler(handle, 10_000, Self.isOver, own)
        let statement = try prepare(sql)
        defer { sqlite3_finalize(statement) }
        let width = sqlite3_column_count(statement)
        guard width > 0, sqlite3_stmt_readonly(statement) != 0 else { throw .notReading }
        var table = SQLTable(columns: (0..<width).map { String(cString: sqlite3_column_name(statement, $0)) }, rows: [])
        var size = 0
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_DONE: return table
            case SQLITE_ROW:
                let row = (0..<width).map { Self.value(statement, $0) }
                size += row.reduce(0) { $0 + $1.size }
                guard table.rows.count < limits.rows, size <= limits.bytes else {
                    table.isCut = true
                    return table
                }
                table.rows.append(row)
            case SQLITE_INTERRUPT: throw .tooLong(Int(limits.time.components.seconds))
            default: throw problem()
            }
        }
    }

    private func prepare(_ sql: String) throws(SQLProblem) -> OpaquePointer {
        var statement: OpaquePointer?
        var isWhole = true
        let code = sql.withCString { text in
            var tail: UnsafePointer<CChar>?
            let code = sqlite3_prepare_v2(handle, text, -1, &statement, &tail)
            // Behind the statement there may be spaces and a semicolon.
            while let next = tail, next.pointee != 0 {
                if ![0x20, 0x09, 0x0A, 0x0D, 0x3B].contains(next.pointee) { isWhole = false }
                tail = next + 1
            }
            return code
        }
        guard code == SQLITE_OK else {
            if code == SQLITE_AUTH { throw .notReading }
            if code == SQLITE_INTERRUPT { throw .tooLong(Int(limits.time.components.seconds)) }
            throw problem()
        }
        guard let statement, isWhole else {
            sqlite3_finalize(statement)
            throw .notOne
        }
        return statement
    }

    private func problem() -> SQLProblem {
        .refused(handle.map { String(cString: sqlite3_errmsg($0)) } ?? "there is no memory for a connection")
    }

    private static func value(_ statement: OpaquePointer, _ column: Int32) -> SQLValue {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(statement, column))
        case SQLITE_TEXT:
            guard let bytes = sqlite3_column_text(statement, column) else { return .null }
            let count = Int(sqlite3_column_bytes(statement, column))
            return .text(String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            guard let bytes = sqlite3_column_blob(statement, column) else { return .text("") }
            let count = Int(sqlite3_column_bytes(statement, column))
            return .text(
                UnsafeRawBufferPointer(start: bytes, count: count).reduce(into: "") { text, byte in
                    text += byte < 16 ? "0" + String(byte, radix: 16) : String(byte, radix: 16)
                })
        default: return .null
        }
    }

    /// Reading, functions and recursive queries, nothing else. The table-valued functions of JSON read as well.
    private static let authorize:
        @convention(c) (
            UnsafeMutableRawPointer?, Int32, UnsafePointer<CChar>?, UnsafePointer<CChar>?, UnsafePointer<CChar>?,
            UnsafePointer<CChar>?
        ) -> Int32 = { _, action, _, name, _, _ in
            switch action {
            case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: return SQLITE_OK
            case SQLITE_FUNCTION:
                // The only function that could reach outside of the file.
                guard let name, String(cString: name).lowercased() != "load_extension" else { return SQLITE_DENY }
                return SQLITE_OK
            default: return SQLITE_DENY
            }
        }

    private static let isOver: @convention(c) (UnsafeMutableRawPointer?) -> Int32 = { own in
        guard let own else { return 1 }
        let connection = Unmanaged<ReadOnlyConnection>.fromOpaque(own).takeUnretainedValue()
        return connection.clock.now >= connection.end ? 1 : 0
    }
}
