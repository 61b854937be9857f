import Gossip
import Synchronization

/// The current view, and who wants to hear of new ones; and what keeps the state directory from being written.
final class ViewBox: Sendable {
    typealias Handler = @Sendable (FleetView) -> Void

    private let inner: Mutex<(view: FleetView, handlers: [Handler])>
    private let storage = Mutex<String?>(nil)

    init(_ view: FleetView) { inner = Mutex((view, [])) }

    var current: FleetView { inner.withLock(\.view) }

    /// Why the state directory cannot be written; nil while it can.
    var storageProblem: String? {
        get { storage.withLock { $0 } }
        set { storage.withLock { $0 = newValue } }
    }

    func add(_ handler: @escaping Handler) { inner.withLock { $0.handlers.append(handler) } }

    /// Stores the view, then tells the handlers outside the lock.
    func replace(_ view: FleetView) {
        let handlers = inner.withLock { inner in
            inner.view = view
            return inner.handlers
        }
        for handler in handlers { handler(view) }
    }
}
