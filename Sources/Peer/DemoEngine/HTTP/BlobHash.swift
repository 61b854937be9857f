import Crypto
import NIOCore
import NIOHTTP1

/// The digest of a file as it comes in.
struct BlobHash {
    private var hash = SHA256()

    /// Nil unless the request brings a file.
    init?(_ head: HTTPRequestHead) {
        guard head.method == .POST, head.uri.hasPrefix("/api/blobs/") else { return nil }
    }

    mutating func take(_ part: ByteBuffer) { part.withUnsafeReadableBytes { hash.update(bufferPointer: $0) } }

    /// In hexadecimal digits.
    var digest: String { hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
