/// Why a query that somebody wrote was not run, or not to its end.
public enum SQLProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// SQLite's own words about it.
    case refused(String)
    /// It wants more than to read.
    case notReading
    /// More than one statement, or none.
    case notOne
    /// It ran longer than it may, seconds.
    case tooLong(Int)
    /// Its text is too long, bytes.
    case tooLarge

    /// In words.
    public var description: String {
        switch self {
        case .refused(let why): "SQLite says: \(why)"
        case .notReading: "a query may only read: SELECT, WITH or VALUES, without ATTACH and PRAGMA"
        case .notOne: "one statement is run at a time"
        case .tooLong(let seconds): "the query took longer than \(seconds) s and was ended: narrow it, by timestamp for example"
        case .tooLarge: "a query has at most \(SQLLimits.longestText) bytes"
        }
    }
}
