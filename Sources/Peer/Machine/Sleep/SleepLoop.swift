import CDBus
import Glibc
import Logging
import Synchronization

/// The body of the sleep thread: holds logind's delay lock, and lets it go when the fleet has been told.
///
/// Calls into libdbus may block for seconds; here they block nobody else.
final class SleepLoop: Sendable {
    private struct Inbox {
        var state = SleepState.off
        var ended = false
        /// An eventfd; -1 once closed.
        var wake: CInt
    }

    private let inbox: Mutex<Inbox>
    private let wake: CInt
    private let address: String
    private let logger: Logger
    private let suspending: @Sendable () async -> Void
    private let woke: @Sendable () -> Void

    /// Without a bus it is tried again after this long.
    static let retry: CInt = 60_000
    /// The longest that the machine's sleep is held up.
    static let longestGoodbye: CInt = 500

    /// Nil when the system has no file descriptor left.
    init?(
        address: String, logger: Logger, suspending: @escaping @Sendable () async -> Void, woke: @escaping @Sendable () -> Void
    ) {
        let wake = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        guard wake >= 0 else { return nil }
        self.wake = wake
        self.address = address
        self.logger = logger
        self.suspending = suspending
        self.woke = woke
        inbox = Mutex(Inbox(wake: wake))
    }

    deinit { inbox.withLock { Self.close(&$0) } }

    var state: SleepState { inbox.withLock(\.state) }

    /// Ends the thread; its lock goes with it.
    func end() {
        inbox.withLock { inbox in
            inbox.ended = true
            Self.signal(inbox.wake)
        }
    }

    /// Runs until `end()`.
    func run() {
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, nil)
        herd_name_bus_thread("sleep")
        while !isEnded {
            do throws(BusError) {
                let bus = try BusConnection(address: address)
                try bus.listen(LoginManager.sleepRule)
                try bus.listen(LoginManager.ownerRule)
                serve(bus)
                become(.noBus("the connection ended"))
            } catch {
                become(.noBus(error.description))
            }
            wait(on: nil, milliseconds: Self.retry)
        }
        inbox.withLock { inbox in
            inbox.state = .off
            Self.close(&inbox)
        }
    }

    private var isEnded: Bool { inbox.withLock(\.ended) }

    /// Works off signals until the bus goes or the thread is to end.
    private func serve(_ bus: BusConnection) {
        var lock = take(bus)
        while !isEnded {
            while let message = bus.next() {
                if message.isSignal(LoginManager.interface, LoginManager.signal) {
                    if message.truth == true {
                        sayGoodbye()
                        Self.release(&lock)
                    } else {
                        logger.debug("the machine is awake again")
                        woke()
                        if lock < 0 { lock = take(bus) }
                    }
                } else if message.isSignal("org.freedesktop.DBus", "NameOwnerChanged") {
                    Self.release(&lock)
                    lock = take(bus)
                }
            }
            wait(on: bus.descriptor, milliseconds: -1)
            guard bus.read() else { break }
        }
        Self.release(&lock)
    }

    /// Takes the lock; -1 when it is not to be had.
    private func take(_ bus: BusConnection) -> CInt {
        do throws(BusError) {
            let lock = try LoginManager.inhibit(bus)
            become(.watching)
            return lock
        } catch {
            become(.noLogin(error.description))
            return -1
        }
    }

    /// Tells the fleet, and waits until that is out, but not longer than `longestGoodbye`.
    private func sayGoodbye() {
        logger.info("the machine is about to sleep")
        let said = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        guard said >= 0 else { return }
        let flag = DoneFlag(said)
        Task { [suspending] in
            await suspending()
            flag.raise()
        }
        var wanted = pollfd(fd: said, events: Int16(POLLIN), revents: 0)
        if poll(&wanted, 1, Self.longestGoodbye) == 0 {
            logger.warning("the goodbye took too long; the machine sleeps without it")
        }
        flag.close()
    }

    private func become(_ state: SleepState) {
        let before = inbox.withLock { inbox in
            defer { inbox.state = state }
            return inbox.state
        }
        if before != state { logger.debug("sleep", metadata: ["state": "\(state.sentence)"]) }
    }

    private func wait(on descriptor: CInt?, milliseconds: CInt) {
        var wanted = [pollfd(fd: wake, events: Int16(POLLIN), revents: 0)]
        if let descriptor { wanted.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)) }
        _ = poll(&wanted, nfds_t(wanted.count), milliseconds)
    }

    private static func signal(_ descriptor: CInt) {
        guard descriptor >= 0 else { return }
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }

    private static func release(_ lock: inout CInt) {
        if lock >= 0 { _ = Glibc.close(lock) }
        lock = -1
    }

    private static func close(_ inbox: inout Inbox) {
        if inbox.wake >= 0 { _ = Glibc.close(inbox.wake) }
        inbox.wake = -1
    }
}

/// An eventfd that a task raises and a thread waits for; raising it after it was closed does nothing.
private final class DoneFlag: Sendable {
    private let descriptor: Mutex<CInt>

    init(_ descriptor: CInt) { self.descriptor = Mutex(descriptor) }

    func raise() {
        descriptor.withLock { descriptor in
            guard descriptor >= 0 else { return }
            var one: UInt64 = 1
            _ = write(descriptor, &one, 8)
        }
    }

    func close() {
        descriptor.withLock { descriptor in
            if descriptor >= 0 { _ = Glibc.close(descriptor) }
            descriptor = -1
        }
    }
}
