import Glibc
import NIOCore

/// Why a call to another peer over TCP failed.
enum LinkFailure: Error, Hashable, CustomStringConvertible {
    /// The host answers, and nobody listens on the port.
    case refused
    /// The connection was made and then cut without an answer.
    case closed
    case timedOut
    /// The answer is longer than allowed.
    case tooLong
    case status(Int)
    /// Not an answer that makes sense.
    case malformed
    /// More calls wait than are allowed.
    case overloaded
    case other(String)

    /// What an error of NIO's means here.
    init(_ error: any Error) {
        switch error {
        case let failure as LinkFailure: self = failure
        case let failure as IOError where failure.errnoCode == ECONNREFUSED: self = .refused
        case let failure as IOError where failure.errnoCode == ECONNRESET || failure.errnoCode == EPIPE: self = .closed
        case let failure as IOError where failure.errnoCode == ETIMEDOUT: self = .timedOut
        case let failure as IOError: self = .other(String(cString: strerror(failure.errnoCode)))
        case ChannelError.connectTimeout: self = .timedOut
        default: self = .other("\(error)")
        }
    }

    var description: String {
        switch self {
        case .refused: "connection refused"
        case .closed: "connection closed without an answer"
        case .timedOut: "no answer in time"
        case .tooLong: "the answer is too long"
        case .status(let code): "answered with status \(code)"
        case .malformed: "the answer cannot be understood"
        case .overloaded: "too many calls wait"
        case .other(let text): text
        }
    }
}
