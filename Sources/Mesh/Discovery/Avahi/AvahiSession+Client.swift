import CAvahi

extension AvahiSession {
    /// Enters the actor from a C callback, which Avahi makes on the actor's own thread.
    static func enter(_ context: UnsafeMutableRawPointer?, _ body: @Sendable (isolated AvahiSession) -> Void) {
        guard let context else { return }
        let session = Unmanaged<AvahiSession>.fromOpaque(context).takeUnretainedValue()
        session.assumeIsolated { body($0) }
    }

    static let onClient: AvahiClientCallback = { client, state, context in
        // Used before the closure ends, on the same thread.
        nonisolated(unsafe) let client = client
        enter(context) { $0.clientChanged(to: state, client) }
    }

    private func clientChanged(to state: AvahiClientState, _ client: OpaquePointer?) {
        guard let client else { return }
        // The first call comes before `avahi_client_new` has returned.
        self.client = client
        switch state {
        case AVAHI_CLIENT_S_RUNNING:
            connectingSince = nil
            isRunning = true
            isSettled = true
            report(.running(name: board.facts.announced ? instanceName : nil))
            browse()
            publish()
        case AVAHI_CLIENT_S_REGISTERING, AVAHI_CLIENT_S_COLLISION:
            connectingSince = nil
            isRunning = true
            isSettled = false
            report(.connecting("Avahi is settling the name of this machine"))
            browse()
            withdraw()
        case AVAHI_CLIENT_CONNECTING:
            isRunning = false
            isSettled = false
            connectingSince = .now
            report(.noDaemon)
        default:
            // Losing a running daemon: a new client finds it again, or waits for it.
            reconnectSoon(after: AvahiError(avahi_client_errno(client)), .milliseconds(200))
        }
        arm()
    }
}
