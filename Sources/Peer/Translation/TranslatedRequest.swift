/// A request in the engine's dialect.
public struct TranslatedRequest: Sendable, Hashable {
    /// Always POST.
    public var method = "POST"
    /// Where it goes.
    public var path: String
    /// JSON in UTF-8.
    public var body: [UInt8]
    /// The client wants the answer as it is made.
    public var streams: Bool
}
