/// The mesh as the asked peer sees it.
public struct MeshHealth: Sendable {
    /// What mDNS does here.
    public enum Discovery: String, Hashable, Sendable {
        /// Switched off, or not begun.
        case off
        /// No answer yet.
        case connecting
        /// No system bus.
        case noBus = "no-bus"
        /// No Avahi daemon.
        case noDaemon = "no-daemon"
        /// It works.
        case running
    }

    /// The router's name; nil without one.
    public var router: String?
    /// Its epoch.
    public var epoch = 0
    /// It holds grants of less than half of the roster.
    public var isDegraded = false
    /// How long it has been as `router` and `isDegraded` say, seconds.
    public var unchangedSeconds = 0.0
    /// Changes of the router in the last ten minutes.
    public var routerChanges = 0
    /// Names of the nodes over which quorate is counted.
    public var roster: [String] = []
    /// Anyone on the network can join.
    public var isOpen = false
    /// The fleet's name.
    public var fleet = ""
    /// What mDNS does.
    public var discovery = Discovery.running
    /// The same in a sentence.
    public var discoveryWords = ""
    /// Members that mDNS showed first.
    public var membersByMDNS = 0
    /// Members that came by another way.
    public var membersByOthers = 0
    /// Why the peer's own state cannot be written; nil while it can.
    public var storageProblem: String?
    /// Another node has the configured name, so this one goes by another.
    public var nameClash: String?

    /// Nothing known.
    public init() {}
}
