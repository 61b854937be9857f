import NIOCore
import NIOHTTP1
import Synchronization

/// An answer while it comes in.
final class AnswerInProgress: Sendable {
    private struct State {
        var head: HTTPResponseHead?
        var body = ByteBuffer()
    }

    private let state = Mutex(State())

    func begin(_ head: HTTPResponseHead) { state.withLock { $0.head = head } }
    func add(_ part: ByteBuffer) { state.withLock { _ = $0.body.writeImmutableBuffer(part) } }

    var whole: FaceAnswer {
        state.withLock { state in
            FaceAnswer(
                status: Int(state.head?.status.code ?? 0), headers: state.head?.headers ?? [:], text: String(buffer: state.body))
        }
    }
}
