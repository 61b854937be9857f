import ServiceLifecycle
import UnixSignals

/// Waits for the signals that end a program.
enum StopSignal {
    /// Returns at the first SIGTERM or SIGINT.
    static func wait() async {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        for await _ in signals { return }
    }
}
