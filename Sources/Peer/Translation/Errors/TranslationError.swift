/// Why a request or an answer could not be turned into the other dialect.
public struct TranslationError: Error, Sendable, Hashable {
    /// What kind of trouble it is; it decides who can do something about it.
    public enum Kind: Sendable, Hashable {
        /// The request is not what its route wants: the client must change it.
        case badRequest
        /// The request is good, and this engine's dialect has no place for it: another engine may serve it.
        case notCarried
        /// The engine refused or failed and said so.
        case engineFailed
        /// The engine's answer is not in its dialect.
        case badAnswer
        /// The answer is larger than a limit.
        case tooLarge
        /// The engine's answer ended without its terminal marker.
        case endedEarly
    }

    /// What kind of trouble it is.
    public var kind: Kind
    /// The HTTP status for the client, if nothing was sent yet.
    public var status: Int
    /// What happened and what to do.
    public var message: String

    /// Trouble from outside of this room, as of an engine that broke off.
    public init(kind: Kind, status: Int, message: String) {
        self.kind = kind
        self.status = status
        self.message = message
    }

    static func badRequest(_ message: String) -> TranslationError {
        TranslationError(kind: .badRequest, status: 400, message: message)
    }

    static func notCarried(_ message: String) -> TranslationError {
        TranslationError(kind: .notCarried, status: 400, message: message)
    }

    static func badAnswer(_ message: String) -> TranslationError {
        TranslationError(kind: .badAnswer, status: 502, message: message)
    }

    static func tooLarge(_ message: String) -> TranslationError {
        TranslationError(kind: .tooLarge, status: 502, message: message)
    }

    static let endedEarly = TranslationError(
        kind: .endedEarly, status: 502, message: "the engine's answer ended before it was complete")

    /// A field of the wrong kind.
    static func wrongType(_ field: String, wants: String, is value: JSON) -> TranslationError {
        .badRequest("`\(field)` must be \(wants), and it is \(value.kind)")
    }
}
