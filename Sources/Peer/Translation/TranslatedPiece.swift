/// What a piece of the engine's answer makes.
public struct TranslatedPiece: Sendable, Hashable {
    /// For the client, in order.
    public var bytes: [UInt8] = []
    /// Nothing follows: the engine's answer failed or cannot be read. If no byte was sent yet the request may be tried elsewhere;
    /// otherwise `abort` tells the client.
    public var failure: TranslationError?
}
