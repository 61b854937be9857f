/// What this peer tells the local network about itself. Static facts only: load and models travel by gossip.
public struct Announcement: Sendable, Equatable {
    /// The name of this machine; the readable part of the instance name.
    public let hostName: String
    /// The short id of this peer: 16 lower-case hex digits.
    public let shortID: String
    /// The fleet that this peer belongs to: 8 lower-case hex digits.
    public let fleetTag: String
    /// The mesh port, UDP and TCP.
    public let meshPort: UInt16
    /// The version of the mesh protocol, 1 to 255.
    public let protocolVersion: Int

    /// Makes an announcement. Upper-case hex digits are made lower-case.
    public init(hostName: String, shortID: String, fleetTag: String, meshPort: UInt16, protocolVersion: Int) {
        self.hostName = hostName
        self.shortID = shortID.lowercased()
        self.fleetTag = fleetTag.lowercased()
        self.meshPort = meshPort
        self.protocolVersion = protocolVersion
    }
}
