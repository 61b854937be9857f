import Hummingbird
import NIOCore
import Synchronization

/// `GET /dashboard/events`: the fleet at once and then every two seconds, by server-sent events.
///
/// A picture is made once per tick for all who watch, and only while somebody does. Who reads slowly misses
/// pictures; nothing queues.
final class FleetEvents: Sendable {
    /// From one picture to the next.
    let tick: Duration
    /// Pages that may watch at once; more are told to come later.
    let maximumWatchers: Int

    private struct State {
        var watchers = 0
        var picture: Task<ByteBuffer, Never>?
        var expires = ContinuousClock.now
    }

    private let state = Mutex(State())
    private let make: @Sendable () async -> ByteBuffer
    private let isStopping: @Sendable () -> Bool

    /// A source of pictures; `make` gives a whole event with its empty line. A peer that stops does not wait for those who watch.
    init(
        tick: Duration = .seconds(2), maximumWatchers: Int = 64, isStopping: @escaping @Sendable () -> Bool = { false },
        make: @escaping @Sendable () async -> ByteBuffer
    ) {
        self.isStopping = isStopping
        self.tick = tick
        self.maximumWatchers = maximumWatchers
        self.make = make
    }

    /// As many watch as may.
    var isFull: Bool { state.withLock { $0.watchers >= maximumWatchers } }

    /// How many watch.
    var watchers: Int { state.withLock(\.watchers) }

    /// The latest picture, and when the next is due.
    func picture() async -> (ByteBuffer, until: ContinuousClock.Instant) {
        let (task, expires) = state.withLock { state in
            let now = ContinuousClock.now
            if let picture = state.picture, now < state.expires { return (picture, state.expires) }
            let task = Task { [make] in await make() }
            state.picture = task
            state.expires = now + tick
            return (task, state.expires)
        }
        return (await task.value, expires)
    }

    /// Pictures until the client goes.
    var body: ResponseBody {
        ResponseBody { [self] writer in
            let isIn = state.withLock { state in
                guard state.watchers < maximumWatchers else { return false }
                state.watchers += 1
                return true
            }
            guard isIn else { return try await writer.finish(nil) }
            defer { leave() }
            while !Task.isCancelled, !isStopping() {
                let (event, until) = await picture()
                try await writer.write(event)
                try await Task.sleep(until: until, clock: .continuous)
            }
            try await writer.finish(nil)
        }
    }

    private func leave() {
        state.withLock { state in
            state.watchers -= 1
            // The last picture is not kept for an hour until somebody comes again.
            if state.watchers == 0 { state.picture = nil }
        }
    }
}
