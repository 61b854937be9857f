internal import NIOCore

/// An engine's error answer, kept in case that no other machine can serve.
struct HeldError {
    var status: Int
    var lines: ByteBuffer
    var body: ByteBuffer

    /// More is not kept.
    static let limit = 64 << 10
}
