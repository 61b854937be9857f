/// What is wrong with the text of a join token.
public enum JoinTokenError: Error, Hashable, CustomStringConvertible {
    /// It does not begin as tokens do.
    case notAToken
    /// Longer than any token.
    case tooLong
    /// A character that tokens do not have, in this group, counted from 1.
    case badCharacter(String, group: Int)
    /// Its end is missing.
    case cut
    /// The check bytes do not agree.
    case mistyped
    /// Made by a later version of the program.
    case unknownFormat(UInt8)

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .notAToken:
            "this is no join token: one begins with '\(JoinToken.prefix)'. Print it with `herd-peer fleet token` on a member."
        case .tooLong: "this is longer than any join token: paste the token alone."
        case .badCharacter(let character, let group):
            "'\(character)' in group \(group) cannot be part of a join token: compare it with the original."
        case .cut: "the end of the join token is missing: copy it whole."
        case .mistyped: "the join token was mistyped or damaged (its check digits do not agree): compare it with the original."
        case .unknownFormat(let number):
            "the join token has format \(number), which this version of herd-peer does not know: update herd-peer on this machine."
        }
    }
}
