/// A column of a table by its place in the insert, from 1.
public protocol RowColumn: RawRepresentable, CaseIterable, Sendable where RawValue == Int32 {
    /// The columns without which the table refuses a row.
    static var required: [Self] { get }
}

extension RowColumn {
    /// One bit per required column.
    static var requiredBits: UInt64 { required.reduce(0) { $0 | 1 << UInt64($1.rawValue) } }
}
