internal import Gossip
internal import NIOCore
internal import NIOPosix

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Why a connection to an engine or peer failed.
struct UpstreamTrouble {
    /// In words.
    var words: String
    /// What the mesh makes of it.
    var evidence: DataPathEvidence

    init(_ error: any Error) {
        switch error {
        case let error as IOError where error.errnoCode == ECONNREFUSED: self.init("connection refused", .refused)
        case let error as IOError where error.errnoCode == ECONNRESET: self.init("connection reset", .reset)
        case let error as NIOConnectionError:
            let refused = error.connectionErrors.contains { ($0.error as? IOError)?.errnoCode == ECONNREFUSED }
            self.init(refused ? "connection refused" : "cannot connect", .refused)
        case is ChannelError: self.init("connecting took too long", .refused)
        case let error as LinkRefusal: self.init(error.description, .reset)
        case let error as FramingError: self.init(error.words, .reset)
        default: self.init("connection failed (\(error))", .reset)
        }
    }

    init(_ words: String, _ evidence: DataPathEvidence) {
        self.words = words
        self.evidence = evidence
    }
}
