internal import NIOCore

/// A call back to a request that waits on its event loop.
struct Wake: Sendable {
    private let loop: any EventLoop
    private let call: @Sendable () -> Void

    init(loop: any EventLoop, call: @escaping @Sendable () -> Void) {
        self.loop = loop
        self.call = call
    }

    /// Runs the call in a later turn of its loop.
    func callAsFunction() { loop.execute(call) }
}
