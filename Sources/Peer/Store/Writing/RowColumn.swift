/// A column of a table by its place in the insert, from 1.
public protocol RowColumn: RawRepresentable, Sendable where RawValue == Int32 {}
