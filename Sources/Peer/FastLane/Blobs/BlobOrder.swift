public import NIOCore

/// The bytes of a blob as they come.
public typealias BlobBody = any AsyncSequence<ByteBuffer, any Error> & Sendable

/// What a client wants of a blob: to know whether it is there, or to put it there.
public struct BlobOrder: Sendable, Hashable {
    /// The blob, canonical.
    public var digest: String
    /// Bytes that come; nil when they are not told beforehand.
    public var length: Int?
    /// Who asks, by address: all blobs of one client go to one machine.
    public var client: String
    /// The only machine that is meant, by name or id; nil for any.
    public var node: String?

    /// An order for the blob `digest`, which must be canonical.
    public init(digest: String, length: Int? = nil, client: String, node: String? = nil) {
        self.digest = digest
        self.length = length
        self.client = client
        self.node = node
    }

    /// The request target at an engine and at a peer.
    var target: String { "/api/blobs/\(digest)" }
}
