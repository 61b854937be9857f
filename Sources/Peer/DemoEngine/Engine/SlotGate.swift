import NIOCore
import Synchronization

/// Lets only so many requests of a model run at once; the others wait in the order in which they came.
final class SlotGate: Sendable {
    /// There are too many waiting already.
    struct Full: Error {}
    /// The waiting request was withdrawn.
    struct Withdrawn: Error {}

    private struct Waiter {
        var id: Int
        var promise: EventLoopPromise<Void>
    }

    private struct State {
        var running: [String: Int] = [:]
        var waiting: [String: [Waiter]] = [:]
    }

    private let state = Mutex(State())

    /// A future that succeeds when the request may run. Every success needs one ``release(_:slots:)``.
    func acquire(_ model: String, id: Int, slots: Int, maximumWaiting: Int?, on loop: any EventLoop) -> EventLoopFuture<Void> {
        let promise = loop.makePromise(of: Void.self)
        let verdict: Result<Void, any Error>? = state.withLock { state in
            if state.running[model, default: 0] < max(slots, 1), state.waiting[model, default: []].isEmpty {
                state.running[model, default: 0] += 1
                return .success(())
            }
            if let maximumWaiting, state.waiting[model, default: []].count >= maximumWaiting { return .failure(Full()) }
            state.waiting[model, default: []].append(Waiter(id: id, promise: promise))
            return nil
        }
        if let verdict { promise.completeWith(verdict) }
        return promise.futureResult
    }

    /// Takes a waiting request out of the line.
    func withdraw(_ model: String, id: Int) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.waiting[model]?.firstIndex(where: { $0.id == id }) else { return nil }
            return state.waiting[model]?.remove(at: index)
        }
        waiter?.promise.fail(Withdrawn())
    }

    /// Gives a slot back and lets the next ones run.
    func release(_ model: String, slots: Int) {
        let next = state.withLock { state -> [Waiter] in
            state.running[model, default: 1] -= 1
            var admitted: [Waiter] = []
            while state.running[model, default: 0] < max(slots, 1), let first = state.waiting[model]?.first {
                state.waiting[model]?.removeFirst()
                state.running[model, default: 0] += 1
                admitted.append(first)
            }
            return admitted
        }
        for waiter in next { waiter.promise.succeed() }
    }

    /// Fails everything that waits.
    func close() {
        let waiting = state.withLock { state in
            let all = state.waiting.values.flatMap { $0 }
            state.waiting = [:]
            return all
        }
        for waiter in waiting { waiter.promise.fail(Withdrawn()) }
    }
}
