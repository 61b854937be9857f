/// One client of the closed loop: it asks, reads the whole answer, and asks again.
final class LoadConnection {
    var descriptor: Int32
    let request: [UInt8]
    var reader = AnswerReader()
    /// Waits for an answer.
    var isBusy = false
    /// The current answer has begun with a chunk.
    var hasBegun = false
    /// When the request was sent, nanoseconds by `Clock`.
    var sentAt: Int64 = 0

    init(descriptor: Int32, request: [UInt8]) {
        self.descriptor = descriptor
        self.request = request
    }
}
