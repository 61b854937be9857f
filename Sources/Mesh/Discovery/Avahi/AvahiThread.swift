import CAvahi
import Glibc

/// One thread that runs Avahi's event loop and the jobs of the actor on top of it, in turn.
///
/// Calls into Avahi may block for 25 s when the daemon hangs; here they block nobody else. Callbacks of Avahi come on
/// this thread, so they already run on the actor. The thread ends when the last user of the executor is gone.
final class AvahiThread: SerialExecutor {
    private let loop: AvahiLoop

    /// Nil when the system has no thread or file descriptor left.
    init?() {
        guard let loop = AvahiLoop() else { return nil }
        self.loop = loop
        var thread = pthread_t()
        let context = Unmanaged.passRetained(loop)
        let code = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<AvahiLoop>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context.toOpaque())
        guard code == 0 else {
            context.release()
            loop.discard()
            return nil
        }
        pthread_detach(thread)
    }

    deinit { loop.end() }

    func enqueue(_ job: consuming ExecutorJob) { loop.append(UnownedJob(job), of: self) }

    func checkIsolated() { precondition(loop.isCurrent, "an Avahi callback came on another thread") }

    /// Calls `handler` on the thread at `instant`, outside of any callback; nil cancels. Only from the thread itself.
    func setAlarm(at instant: ContinuousClock.Instant?, _ handler: @escaping () -> Void) {
        precondition(loop.isCurrent, "the alarm belongs to the Avahi thread")
        loop.alarm = instant.map { ($0, handler) }
    }

    /// What Avahi's functions want. Only from the thread itself.
    var pollAPI: UnsafePointer<AvahiPoll>? {
        precondition(loop.isCurrent, "Avahi's loop belongs to its thread")
        return loop.pollAPI
    }
}
