/// A cold record as this peer holds it: the payload is the shell's to decode.
public struct ColdEntry: Hashable, Sendable {
    /// Which version.
    public var version: RecordVersion
    /// The encoded report.
    public var payload: [UInt8]
}
