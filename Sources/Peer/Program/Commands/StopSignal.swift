import ServiceLifecycle
import UnixSignals

/// Waits for the signals that end a program.
enum StopSignal {
    /// Returns at the first SIGTERM or SIGINT.
    static func wait() async {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        for await _ in signals { return }
    }

    /// Does something until it is done or a signal comes; what runs then is cancelled, and the program ends as it likes.
    /// - Returns: a signal came.
    static func isStopped(_ work: @escaping @Sendable () async throws -> Void) async throws -> Bool {
        // Caught from here on, before the work has hidden a cursor.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                for await _ in signals { return true }
                return true
            }
            group.addTask {
                try await work()
                return false
            }
            do {
                let first = try await group.next() ?? true
                group.cancelAll()
                return first
            } catch {
                group.cancelAll()
                throw error
            }
        }
    }
}
