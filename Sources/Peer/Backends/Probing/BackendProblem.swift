import Outbound

/// Why an engine cannot be used now, in words for its owner.
public struct BackendProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of trouble.
    public enum Cause: String, Hashable, Sendable {
        /// Nothing listens there.
        case refused
        /// No way leads there, or the name is unknown.
        case unreachable
        /// No answer in time.
        case timedOut
        /// It answers, but it is another kind of engine or none.
        case wrongKind
        /// The address is one of a herd-peer, which would make a loop.
        case peer
        /// It is there and loads its model.
        case loading
        /// It refuses this machine.
        case forbidden
        /// It wants a key, or another than the one it gets.
        case unauthorized
        /// Its certificate cannot be trusted.
        case certificate
        /// It answers with errors or nonsense.
        case broken
    }

    /// What kind of trouble.
    public var cause: Cause
    /// A whole sentence.
    public var text: String

    /// A problem.
    public init(_ cause: Cause, _ text: String) {
        self.cause = cause
        self.text = text
    }

    /// The sentence.
    public var description: String { text }

    /// What a failed request to an engine means.
    init(_ error: OutboundError) {
        let words = error.description
        let sentence = (words.hasPrefix("http") ? words : words.prefix(1).uppercased() + words.dropFirst()) + "."
        switch error {
        case .connectionRefused: self.init(.refused, sentence)
        case .unreachable, .hostNotFound, .connectTimedOut: self.init(.unreachable, sentence)
        case .timedOut: self.init(.timedOut, sentence)
        case .notHTTP: self.init(.wrongKind, sentence)
        case .certificate: self.init(.certificate, sentence)
        default: self.init(.broken, sentence)
        }
    }

    /// It answered 401.
    init(unauthorized address: BackendAddress, hasKey: Bool) {
        self.init(
            .unauthorized,
            hasKey ? "\(address.url) refuses the key that it gets (status 401)." : "\(address.url) wants a key (status 401).")
    }
}
