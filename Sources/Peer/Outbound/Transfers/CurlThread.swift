import CCurl
import Glibc
import Synchronization

/// The thread on which libcurl runs, and the mailbox that leads to it.
///
/// Other threads put commands into the mailbox and wake the thread. Everything of libcurl is touched by that thread only, apart
/// from `curl_multi_wakeup`, which is made for it.
final class CurlThread: Sendable {
    /// What the thread is asked to do.
    enum Command: Sendable {
        case start(UInt64, OutboundRequest, TransferSink)
        case cancel(UInt64)
        case resume(UInt64)
    }

    private struct State {
        var commands: [Command] = []
        /// Transfers that were registered and are not over: whether their task was cancelled.
        var registered: [UInt64: Bool] = [:]
        var nextID: UInt64 = 1
        /// The address of libcurl's multi handle; 0 once the thread has given it up.
        var multi: UInt = 0
        var stopping = false
        var thread: pthread_t?
    }

    /// libcurl wants one call before all others.
    private static let prepared = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

    private let state = Mutex(State())
    private let maximumTransfers: Int

    init(maximumTransfers: Int) {
        self.maximumTransfers = maximumTransfers
        guard Self.prepared, let multi = curl_multi_init() else {
            state.withLock { $0.stopping = true }
            return
        }
        herd_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 64)
        state.withLock { $0.multi = UInt(bitPattern: multi) }
        var thread = pthread_t()
        let box = Unmanaged.passRetained(self)
        let code = pthread_create(&thread, nil, { CurlThread.main($0) }, box.toOpaque())
        state.withLock { state in
            if code == 0 {
                state.thread = thread
            } else {
                state.stopping = true
                state.multi = 0
            }
        }
        if code != 0 {
            box.release()
            curl_multi_cleanup(multi)
        }
    }

    private static func main(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let argument else { return nil }
        let thread = Unmanaged<CurlThread>.fromOpaque(argument).takeRetainedValue()
        var loop = CurlLoop(thread: thread)
        loop.run()
        return nil
    }

    /// Makes room for one transfer.
    func register() throws(OutboundError) -> UInt64 {
        let result: Result<UInt64, OutboundError> = state.withLock { state in
            if state.stopping { return .failure(.closed) }
            if state.registered.count >= maximumTransfers { return .failure(.tooMany) }
            let id = state.nextID
            state.nextID += 1
            state.registered[id] = false
            return .success(id)
        }
        return try result.get()
    }

    /// Hands a registered transfer to the thread.
    func start(_ id: UInt64, _ request: OutboundRequest, _ sink: TransferSink) {
        let refusal: OutboundError? = state.withLock { state in
            if state.stopping { return .closed }
            if state.registered[id] != false { return .cancelled }
            state.commands.append(.start(id, request, sink))
            Self.wake(state)
            return nil
        }
        guard let refusal else { return }
        forget(id)
        sink.fail(refusal)
    }

    /// Ends a transfer. One that is over, or was never started, is left alone.
    func cancel(_ id: UInt64) {
        state.withLock { state in
            guard state.registered[id] == false else { return }
            state.registered[id] = true
            state.commands.append(.cancel(id))
            Self.wake(state)
        }
    }

    /// Lets a paused transfer go on.
    func resume(_ id: UInt64) {
        state.withLock { state in
            guard state.registered[id] == false else { return }
            state.commands.append(.resume(id))
            Self.wake(state)
        }
    }

    /// The transfer is over.
    func forget(_ id: UInt64) { _ = state.withLock { $0.registered.removeValue(forKey: id) } }

    /// The commands since the last call, and whether the thread shall end. For the thread itself.
    func takeCommands() -> (commands: [Command], stopping: Bool) {
        state.withLock { state in
            defer { state.commands.removeAll(keepingCapacity: state.commands.count <= 64) }
            return (state.commands, state.stopping)
        }
    }

    /// libcurl's handle. For the thread itself.
    var multi: UnsafeMutableRawPointer? { state.withLock { UnsafeMutableRawPointer(bitPattern: $0.multi) } }

    /// From now on nobody wakes libcurl. For the thread itself, before it frees the handle.
    func giveUpMulti() { state.withLock { $0.multi = 0 } }

    /// Asks the thread to end and waits for it.
    func close() {
        let thread: pthread_t? = state.withLock { state in
            state.stopping = true
            Self.wake(state)
            defer { state.thread = nil }
            return state.thread
        }
        guard let thread else { return }
        // A client that is let go on this very thread cannot wait for it.
        if pthread_equal(thread, pthread_self()) != 0 { pthread_detach(thread) } else { pthread_join(thread, nil) }
    }

    private static func wake(_ state: borrowing State) {
        if let multi = UnsafeMutableRawPointer(bitPattern: state.multi) { curl_multi_wakeup(multi) }
    }
}
