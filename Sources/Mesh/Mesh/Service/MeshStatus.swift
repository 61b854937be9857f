public import Gossip

/// All that the mesh can tell of itself, for status pages, the doctor and tests.
public struct MeshStatus: Hashable, Sendable, Codable {
    /// A member with what matters of its connection.
    public struct Member: Hashable, Sendable, Codable {
        /// 32 hex digits.
        public var id: String
        /// The display name, unique in this status.
        public var name: String
        /// How it stands.
        public var status: MemberStatus
        /// `address:port`; nil while unknown.
        public var address: String?
        /// Milliseconds since it was last heard; nil for this peer itself and before the first sign.
        public var ageMilliseconds: Int64?
        /// Where its address came from; nil for this peer itself.
        public var source: AddressSource?
        /// It answers over TCP and not over UDP: a firewall lets only one of them through.
        public var udpBlocked: Bool
        /// It is one of the peers over which *quorate* is counted.
        public var inRoster: Bool
        /// The highest protocol version that it speaks; nil while that is not known.
        public var protocolVersion: UInt8?
    }

    /// The router that this peer obeys or is.
    public struct Router: Hashable, Sendable, Codable {
        /// 32 hex digits.
        public var id: String
        /// Its display name.
        public var name: String
        /// Its fencing number.
        public var epoch: UInt64
        /// What it may do.
        public var mode: RouterMode
    }

    /// One `--router-url`.
    public struct Seed: Hashable, Sendable, Codable {
        /// As it was written.
        public var url: String
        /// `joined`, `dialling` or `refused`.
        public var state: String
        /// Who is behind it, when joined.
        public var peerID: String?
        /// Its display name, when joined.
        public var name: String?
        /// Why it is not joined.
        public var error: String?
        /// When it is tried again.
        public var nextTryMilliseconds: Int64?
    }

    /// A line of the recent history.
    public struct Note: Hashable, Sendable, Codable {
        /// Milliseconds since 1970.
        public var wallMilliseconds: Int64
        /// What happened, in the words of the history.
        public var text: String
    }

    /// 32 hex digits.
    public var selfID: String
    /// 16 hex digits.
    public var shortID: String
    /// The boot counter.
    public var generation: UInt32
    /// The display name that this peer really has.
    public var name: String
    /// The fleet's name, `--fleet`.
    public var fleetName: String
    /// 8 hex digits.
    public var fleetTag: String
    /// Anyone who knows the fleet's name can join.
    public var openFleet: Bool
    /// UDP and TCP.
    public var meshPort: UInt16
    /// `new`, `running` or `stopped`.
    public var phase: String
    /// The router that this peer obeys or is; nil while there is none.
    public var router: Router?
    /// A connection to the router is open and verified, so the end of its process would be noticed at once.
    public var routerLinkOpen: Bool
    /// In the order of their ids, this peer included.
    public var members: [Member]
    /// In the order of the flags.
    public var seeds: [Seed]
    /// `off`, `connecting`, `no-bus`, `no-daemon`, `running`.
    public var discoveryState: String
    /// The same as a sentence.
    public var discoverySentence: String
    /// What was sent, received and dropped.
    public var counters: MeshCounters
    /// The lease row can be written.
    public var storageWritable: Bool
    /// Why not.
    public var storageError: String?
    /// The latest notes, oldest first.
    public var notes: [Note]
}
