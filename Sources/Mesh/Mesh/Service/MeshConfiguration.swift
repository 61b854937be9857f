public import Gossip

/// How one peer takes part in the mesh.
public struct MeshConfiguration: Sendable {
    /// The data directory: `identity/` and `peers.json` are in it.
    public var dataDirectory: String
    /// The display name, `--node-id`.
    public var name: String
    /// The fleet's name, `--fleet`.
    public var fleetName = "default"
    /// The UDP port, `--mesh-port`; the same number is the TCP port of the peer links. 0 takes a free one.
    public var meshPort: UInt16 = 11_445
    /// The addresses to open the port on.
    public var bindAddresses: [IPAddress] = [.v4(0), .v6(high: 0, low: 0, scope: 0)]
    /// The address that others are told; nil picks one of this machine's.
    public var advertisedAddress: IPAddress?
    /// `--router-url` values.
    public var seeds: [SeedURL] = []
    /// What matters of this peer in an election.
    public var candidacy = Candidacy()
    /// The mesh's times and bounds.
    public var rules = HerdConfiguration()
    /// Where the history of grants, elections and statuses goes, one JSON object per line; nil for nowhere. For checkers.
    public var historyFile: String?

    /// The standard values for a peer of this name.
    public init(dataDirectory: String, name: String) {
        self.dataDirectory = dataDirectory
        self.name = name
    }
}
