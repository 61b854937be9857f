import Logging
import Synchronization

@testable import Discovery

/// One running discovery with everything that it has reported.
final class LivePeer: Sendable {
    let discovery: AvahiDiscovery
    let shortID: String
    private let seen = Mutex<[DiscoveryEvent]>([])
    private let task = Mutex<Task<Void, Never>?>(nil)

    init(_ digit: Character, hostName: String = "host", meshPort: UInt16 = 11445) {
        shortID = String(repeating: digit, count: 16)
        discovery = AvahiDiscovery(
            announcement: Announcement(
                hostName: hostName, shortID: shortID, fleetTag: "0000beef", meshPort: meshPort, protocolVersion: 1),
            log: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let discovery = discovery
        let run = Task { await discovery.run() }
        task.withLock { $0 = run }
        Task { [weak self] in
            for await event in discovery.events { self?.seen.withLock { $0.append(event) } }
        }
    }

    deinit { task.withLock { $0 }?.cancel() }

    var events: [DiscoveryEvent] { seen.withLock { $0 } }
    var sightings: [Sighting] {
        events.compactMap { if case .sighted(let sighting) = $0 { sighting } else { nil } }
    }

    func forget() { seen.withLock { $0 = [] } }

    /// Ends the run and waits for its return; tells how long that took.
    func stop() async -> Duration {
        let run = task.withLock { $0 }
        return await ContinuousClock().measure {
            run?.cancel()
            await run?.value
        }
    }
}
