import Glibc
import NIOCore
import NIOSSL

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
    /// The other side showed another certificate than its member record names.
    case wrongCertificate
    /// It answers, and is not of this fleet: it cannot read or make what is sealed with the fleet's key.
    case stranger
    /// More calls wait than are allowed.
    case overloaded
    /// TLS did not come about: the other side speaks plain HTTP, or does not like this peer's certificate.
    case tls(String)
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
        case NIOSSLError.uncleanShutdown: self = .closed
        case let error as NIOSSLError: self = .tls("\(error)")
        case let error as BoringSSLError: self = .tls("\(error)")
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
        case .wrongCertificate: "it showed another certificate than its member record names"
        case .stranger: "it answers, but does not belong to this fleet"
        case .overloaded: "too many calls wait"
        case .tls(let text): "no TLS: \(text)"
        case .other(let text): text
        }
    }
}
