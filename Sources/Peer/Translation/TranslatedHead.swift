/// The head of the answer for the client.
public struct TranslatedHead: Sendable, Hashable {
    /// The HTTP status.
    public var status: Int
    /// The media type.
    public var contentType: String
    /// The body comes in pieces. Otherwise it comes as a whole from `finish`, which may still change the status: the head is sent
    /// behind it.
    public var streams: Bool
}
