public import Access

/// An order of a person at this machine about client keys, one JSON object with one field.
public enum ClientKeyOrder: Sendable, Equatable, Codable {
    /// `{"add":KEY}`: the key with the digest of its text. The text itself stays with whoever made it.
    case add(ClientKey)
    /// `{"revoke":"NAME or ID"}`
    case revoke(String)
    /// `{"off":true}`: removes all keys, so that requests need none any more.
    case off

    private enum Field: String, CodingKey { case add, revoke, off }

    /// Reads an order.
    ///
    /// - Throws: `DecodingError`, or `ClientKeyProblem` with words for the caller.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Field.self)
        if let key = try fields.decodeIfPresent(ClientKey.self, forKey: .add) {
            self = .add(key)
        } else if let word = try fields.decodeIfPresent(String.self, forKey: .revoke) {
            self = .revoke(word)
        } else if try fields.decode(Bool.self, forKey: .off) {
            self = .off
        } else {
            throw DecodingError.dataCorruptedError(forKey: .off, in: fields, debugDescription: "off is true or absent")
        }
    }

    /// Writes it.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Field.self)
        switch self {
        case .add(let key): try fields.encode(key, forKey: .add)
        case .revoke(let word): try fields.encode(word, forKey: .revoke)
        case .off: try fields.encode(true, forKey: .off)
        }
    }
}
