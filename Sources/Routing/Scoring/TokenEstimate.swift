/// A prompt's size in tokens, estimated from what it is made of (herd-compat §6.1): four characters to a token, 16 characters for
/// each message's frame, 150 tokens for each image. Works offline and costs nothing; good for routing, not for billing.
public struct TokenEstimate: Hashable, Sendable {
    /// Characters of text; counting bytes instead is close enough.
    public var characters: Int
    /// Messages.
    public var messages: Int
    /// Images.
    public var images: Int

    /// An estimate for so many characters, messages and images; negative counts are taken for 0.
    public init(characters: Int = 0, messages: Int = 0, images: Int = 0) {
        self.characters = characters
        self.messages = messages
        self.images = images
    }

    /// The tokens, at least 1.
    public var tokens: Int {
        // Bounded so that no count a client claims can overflow.
        let limit = 1 << 40
        func bounded(_ count: Int) -> Int { min(limit, max(0, count)) }
        return max(1, (bounded(characters) + 16 * bounded(messages)) / 4 + 150 * bounded(images))
    }
}
