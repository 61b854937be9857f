import Gossip
import Synchronization

/// The fleet's settings in force here, and who wants to hear of new ones.
final class SettingsBox: Sendable {
    typealias Handler = @Sendable ([SettingEntry]) -> Void

    private let inner = Mutex<(entries: [SettingEntry], handlers: [Handler])>(([], []))

    var current: [SettingEntry] { inner.withLock(\.entries) }

    /// Adds a handler and tells it what is in force now.
    func add(_ handler: @escaping Handler) {
        handler(
            inner.withLock { inner in
                inner.handlers.append(handler)
                return inner.entries
            })
    }

    func replace(_ entries: [SettingEntry]) {
        let handlers = inner.withLock { inner -> [Handler] in
            guard inner.entries != entries else { return [] }
            inner.entries = entries
            return inner.handlers
        }
        for handler in handlers { handler(entries) }
    }
}
