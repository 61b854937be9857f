import Glibc
public import Logging
import Synchronization

/// Tells when this machine is about to sleep and when it is awake again, by systemd-logind's `PrepareForSleep`
/// (`org.freedesktop.login1(5)`, "Inhibitor Locks").
///
/// It holds a delay lock, so that logind waits until `suspending` has returned, at most half a second. Without a bus or without
/// logind it does nothing: then the others notice the silence.
public final class SleepWatch: Sendable {
    private let loop: SleepLoop?

    /// A watch that does nothing before `run`.
    ///
    /// - Parameters:
    ///   - address: the bus, as D-Bus writes addresses; the system bus unless given.
    ///   - suspending: called before the machine sleeps; it sleeps when this returns, or after half a second.
    ///   - woke: called when logind says that the machine is awake again, on the watch's thread.
    public init(
        address: String? = nil, logger: Logger, suspending: @escaping @Sendable () async -> Void,
        woke: @escaping @Sendable () -> Void
    ) {
        loop = SleepLoop(address: address ?? SystemBusAddress.current, logger: logger, suspending: suspending, woke: woke)
    }

    /// How it stands.
    public var state: SleepState { loop?.state ?? .off }

    /// Watches until the task is cancelled, on a thread of its own. Call it once.
    public func run() async {
        guard let loop, Self.startThread(loop) else { return }
        let (forever, end) = AsyncStream.makeStream(of: Never.self)
        await withTaskCancellationHandler {
            for await _ in forever {}
        } onCancel: {
            end.finish()
        }
        loop.end()
    }

    /// Asks the login manager for a lock and gives it back: what `herd-peer doctor` shows.
    public static func examine(address: String? = nil) -> SleepState {
        do throws(BusError) {
            let bus = try BusConnection(address: address ?? SystemBusAddress.current)
            do throws(BusError) {
                close(try LoginManager.inhibit(bus, patience: 2_000))
                return .watching
            } catch {
                return .noLogin(error.description)
            }
        } catch {
            return .noBus(error.description)
        }
    }

    private static func startThread(_ loop: SleepLoop) -> Bool {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(loop)
        let code = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<SleepLoop>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context.toOpaque())
        guard code == 0 else {
            context.release()
            return false
        }
        pthread_detach(thread)
        return true
    }
}
