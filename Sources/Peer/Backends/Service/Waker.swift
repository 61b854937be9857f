import Synchronization

/// Lets a task sleep until a time has passed or somebody pokes it.
final class Waker: Sendable {
    /// Why a sleep ended early.
    struct Calls: OptionSet {
        let rawValue: Int
        /// A request failed: is the engine there at all?
        static let trouble = Calls(rawValue: 1)
        /// It has other models than before.
        static let models = Calls(rawValue: 2)
    }

    private struct State {
        var calls: Calls = []
        var retired = false
        var sleeper: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Ends the sleep, or the next one if nobody sleeps.
    func poke(_ calls: Calls) { wake { $0.calls.formUnion(calls) } }

    /// As `poke`, for good.
    func retire() { wake { $0.retired = true } }

    /// The task shall end.
    var isRetired: Bool { state.withLock { $0.retired } }

    /// Sleeps. Returns why somebody poked, nothing when nobody did; also returns when the task is cancelled.
    func sleep(for duration: Duration) async -> Calls {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await Task.sleep(for: duration) }
            group.addTask { await self.untilPoked() }
            await group.next()
            group.cancelAll()
        }
        return state.withLock { state in
            defer { state.calls = [] }
            return state.calls
        }
    }

    private func wake(_ change: (inout State) -> Void) {
        let sleeper: CheckedContinuation<Void, Never>? = state.withLock { state in
            change(&state)
            defer { state.sleeper = nil }
            return state.sleeper
        }
        sleeper?.resume()
    }

    private func untilPoked() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let now = state.withLock { state in
                    if !state.calls.isEmpty || state.retired || Task.isCancelled { return true }
                    state.sleeper = continuation
                    return false
                }
                if now { continuation.resume() }
            }
        } onCancel: {
            // Comes after the store, or the check above sees the cancellation.
            wake { _ in }
        }
    }
}
