/// An answer in the client's dialect that needs no engine.
public struct TranslatedAnswer: Sendable, Hashable {
    /// The HTTP status.
    public var status = 200
    /// The media type.
    public var contentType = "application/json; charset=utf-8"
    /// The whole body.
    public var body: [UInt8]
}
