import HTTPTypes
import Hummingbird
import NIOConcurrencyHelpers
import NIOCore

/// Keeps what a response body writes.
struct Collector: ResponseBodyWriter {
    let buffer = NIOLockedValueBox(ByteBuffer())

    mutating func write(_ more: ByteBuffer) async throws {
        buffer.withLockedValue { _ = $0.writeImmutableBuffer(more) }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
