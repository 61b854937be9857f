import CAvahi
import Glibc
import Synchronization

/// The body of the Avahi thread: an inbox of jobs, one alarm, and Avahi's own poll loop.
///
/// `avahi_simple_poll_wakeup` has a race between its flag and its pipe that can leave the loop spinning, so an eventfd
/// that Avahi watches wakes the loop instead.
/// Unchecked: `inbox` is locked; `poll`, `watch` and `alarm` are touched by the thread alone once it runs.
final class AvahiLoop: @unchecked Sendable {
    private struct Inbox {
        var jobs: [(job: UnownedJob, executor: AvahiThread)] = []
        var ended = false
        var thread: pthread_t?
        /// -1 once closed.
        var wake: Int32
    }

    private let inbox: Mutex<Inbox>
    private let poll: OpaquePointer
    private let watch: OpaquePointer
    /// When to call what, outside of callbacks.
    var alarm: (at: ContinuousClock.Instant, run: () -> Void)?

    init?() {
        let wake = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        guard wake >= 0 else { return nil }
        guard let poll = avahi_simple_poll_new() else {
            close(wake)
            return nil
        }
        let drain: AvahiWatchCallback = { _, descriptor, _, _ in
            var count: UInt64 = 0
            _ = read(descriptor, &count, 8)
        }
        guard let api = avahi_simple_poll_get(poll), let watch = api.pointee.watch_new?(api, wake, AVAHI_WATCH_IN, drain, nil)
        else {
            avahi_simple_poll_free(poll)
            close(wake)
            return nil
        }
        self.poll = poll
        self.watch = watch
        inbox = Mutex(Inbox(wake: wake))
    }

    var pollAPI: UnsafePointer<AvahiPoll>? { avahi_simple_poll_get(poll) }

    var isCurrent: Bool {
        inbox.withLock { $0.thread.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
    }

    /// Queues a job. The executor stays alive until the job has run.
    func append(_ job: UnownedJob, of executor: AvahiThread) {
        inbox.withLock { inbox in
            inbox.jobs.append((job, executor))
            Self.signal(inbox.wake)
        }
    }

    /// Ends the thread when the jobs that are queued have run.
    func end() {
        inbox.withLock { inbox in
            inbox.ended = true
            Self.signal(inbox.wake)
        }
    }

    /// Frees what `run()` would free at its end; for a thread that could not be started.
    func discard() {
        pollAPI?.pointee.watch_free?(watch)
        avahi_simple_poll_free(poll)
        inbox.withLock { inbox in
            close(inbox.wake)
            inbox.wake = -1
        }
    }

    /// Runs until `end()`.
    func run() {
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, nil)
        herd_name_this_thread("avahi")
        inbox.withLock { $0.thread = pthread_self() }
        while runJobs() {
            if let due = alarm, due.at <= .now {
                alarm = nil
                due.run()
                continue
            }
            // An error here is EINTR or lack of memory: neither is a reason to end, nor to spin.
            if avahi_simple_poll_iterate(poll, waitMilliseconds) < 0 { usleep(50_000) }
        }
        alarm = nil
        discard()
    }

    /// False when the thread shall end.
    private func runJobs() -> Bool {
        while true {
            let (jobs, ended) = inbox.withLock { inbox in
                defer { inbox.jobs = [] }
                return (inbox.jobs, inbox.ended)
            }
            if jobs.isEmpty { return !ended }
            for (job, executor) in jobs { job.runSynchronously(on: executor.asUnownedSerialExecutor()) }
        }
    }

    /// Until the alarm, rounded up, at most an hour; -1 without an alarm.
    private var waitMilliseconds: Int32 {
        guard let alarm else { return -1 }
        let left = min(max(alarm.at - .now, .zero), .seconds(3600)).components
        return Int32(left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1)
    }

    private static func signal(_ descriptor: Int32) {
        guard descriptor >= 0 else { return }
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }
}
