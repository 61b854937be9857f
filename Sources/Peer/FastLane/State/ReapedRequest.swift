/// A request whose engine had sent nothing for longer than it may: it was ended and its slot given back.
public struct ReapedRequest: Sendable, Hashable {
    /// Its id.
    public var request: String
    /// The machine: this one.
    public var node: String
    /// The model, canonical.
    public var model: String
    /// When, seconds since 1970.
    public var at: Double
    /// How long the engine had been silent, milliseconds.
    public var silentMilliseconds: Int64
    /// How long the request had been there, milliseconds.
    public var ageMilliseconds: Int64
    /// Part of its answer had come.
    public var hadOutput: Bool
}
