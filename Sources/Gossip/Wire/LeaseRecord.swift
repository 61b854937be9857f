/// What a router says of its lease (mesh protocol §4.1, record `lease`): the basis of the merge rule §7.9.
public struct LeaseRecord: Hashable, Sendable, Codable {
    /// The router.
    public var router: PeerID
    /// Its fencing number.
    public var epoch: UInt64
    /// The length of its grants, milliseconds.
    public var lengthMilliseconds: UInt16
    /// What it may do.
    public var mode: RouterMode
    /// Its priority class.
    public var priorityClass: UInt8
    /// How many peers grant it.
    public var domainSize: UInt16
    /// How long it has been router, seconds.
    public var heldSeconds: UInt32
    /// Counts up with each announcement in this epoch.
    public var counter: UInt32
    /// The fleet settings that the router holds.
    public var settings: SettingsDigest
    /// The digest of the roster that the router goes by.
    public var rosterHash: UInt64

    /// A record.
    public init(
        router: PeerID, epoch: UInt64, lengthMilliseconds: UInt16, mode: RouterMode, priorityClass: UInt8, domainSize: UInt16,
        heldSeconds: UInt32, counter: UInt32, settings: SettingsDigest = SettingsDigest(), rosterHash: UInt64 = 0
    ) {
        self.router = router
        self.epoch = epoch
        self.lengthMilliseconds = lengthMilliseconds
        self.mode = mode
        self.priorityClass = priorityClass
        self.domainSize = domainSize
        self.heldSeconds = heldSeconds
        self.counter = counter
        self.settings = settings
        self.rosterHash = rosterHash
    }
}
