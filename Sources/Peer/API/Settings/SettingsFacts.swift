/// The settings as `/dashboard/api/settings` shows them.
public struct SettingsFacts: Sendable {
    /// One setting that the fleet shares.
    public struct Entry: Sendable, Encodable {
        /// Its name.
        public var key: String
        /// What is in force at this peer.
        public var value: Int
        /// `fleet` when the fleet has a value for it, `configuration` when this peer's own holds.
        public var source: String
        /// What this peer's own configuration says.
        public var configured: Int
        /// The least and the most that it may be.
        public var least: Int
        /// See `least`.
        public var most: Int
        /// What it does, in words.
        public var meaning: String
        /// The name of the peer that wrote it, where the fleet has a value.
        public var writer: String?
        /// The epoch in which it was written.
        public var epoch: UInt64?

        /// An entry.
        public init(
            key: String, value: Int, source: String, configured: Int, range: ClosedRange<Int>, meaning: String, writer: String?,
            epoch: UInt64?
        ) {
            self.key = key
            self.value = value
            self.source = source
            self.configured = configured
            least = range.lowerBound
            most = range.upperBound
            self.meaning = meaning
            self.writer = writer
            self.epoch = epoch
        }
    }

    /// All settings that the fleet shares, in a fixed order.
    public var entries: [Entry] = []
    /// Settings that the fleet has and this version of the program does not know.
    public var unknown: [String: String] = [:]
    /// The address of the client API.
    public var host = ""
    /// Its port.
    public var port = 0
    /// Where this peer keeps its files.
    public var dataDirectory = ""

    /// Nothing known.
    public init() {}
}
