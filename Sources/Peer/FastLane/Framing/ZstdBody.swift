internal import CZstd
internal import NIOCore

/// Request bodies in zstd (RFC 8878), as one of OpenAI's programs sends them.
enum ZstdBody {
    /// Why a body cannot be read.
    enum Problem: Error, Equatable {
        /// It is no zstd, it is damaged, or it ends too early.
        case damaged
        /// It would be larger than the limit.
        case tooLarge
    }

    /// A frame may look back this far, as a power of two: more memory than 8 MiB is for nobody's prompt.
    private static let windowLog: Int32 = 23

    /// The body as it was before.
    ///
    /// - Parameter limit: most bytes that it may have.
    static func decoded(_ body: ByteBuffer, limit: Int) throws(Problem) -> ByteBuffer {
        guard let context = ZSTD_createDCtx() else { throw .tooLarge }
        defer { ZSTD_freeDCtx(context) }
        guard ZSTD_isError(ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, windowLog)) == 0 else { throw .damaged }
        let outcome = body.withUnsafeReadableBytes { run(context, $0, limit) }
        return try outcome.get()
    }

    private static func run(_ context: OpaquePointer, _ bytes: UnsafeRawBufferPointer, _ limit: Int) -> Result<
        ByteBuffer, Problem
    > {
        var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
        var result = ByteBufferAllocator().buffer(capacity: min(limit, 4 * bytes.count))
        let step = ZSTD_DStreamOutSize()
        while true {
            var left = 0
            let written = result.writeWithUnsafeMutableBytes(minimumWritableBytes: step) { room in
                var output = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
                left = ZSTD_decompressStream(context, &output, &input)
                return output.pos
            }
            if ZSTD_isError(left) != 0 { return .failure(.damaged) }
            if result.readableBytes > limit { return .failure(.tooLarge) }
            // Zero: a frame is over. Another may follow.
            if input.pos == input.size, left == 0 { return .success(result) }
            if input.pos == input.size, written == 0 { return .failure(.damaged) }
        }
    }
}
