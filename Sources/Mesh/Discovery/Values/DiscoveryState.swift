/// What discovery does now.
public enum DiscoveryState: Sendable, Equatable {
    /// Discovery was switched off, or has not been started, or has ended.
    case off
    /// Not announced yet; the text says what is awaited.
    case connecting(String)
    /// No D-Bus system bus answers on this machine.
    case noBus
    /// The bus is there, the Avahi daemon is not (or does not answer).
    case noDaemon
    /// Browsing. `name` is the instance name under which this peer is announced, nil until the network has accepted it.
    case running(name: String?)

    /// One sentence for people, with what to do where something is missing.
    public var sentence: String {
        switch self {
        case .off:
            "mDNS is off: peers are found by --router-url, by remembered addresses and through other peers."
        case .connecting(let why):
            "mDNS is starting: \(why)."
        case .noBus:
            "mDNS is not available: no D-Bus system bus answers. Start dbus and avahi-daemon, or name a peer with --router-url."
        case .noDaemon:
            "mDNS is not available: avahi-daemon does not answer. Install and start it, or name a peer with --router-url."
        case .running(let name?):
            "mDNS works: this peer is announced as \"\(name)\"."
        case .running(nil):
            "mDNS works: browsing; the announcement of this peer is not confirmed yet."
        }
    }

    /// A short word for machines: `off`, `connecting`, `no-bus`, `no-daemon`, `running`.
    public var word: String {
        switch self {
        case .off: "off"
        case .connecting: "connecting"
        case .noBus: "no-bus"
        case .noDaemon: "no-daemon"
        case .running: "running"
        }
    }
}
