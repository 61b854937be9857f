/// What a table did with rows.
struct RowCounts: Sendable, Hashable {
    /// Rows that are in it.
    var written = 0
    /// Rows that it refused.
    var refused = 0

    static func += (total: inout RowCounts, more: RowCounts) {
        total.written += more.written
        total.refused += more.refused
    }
}
