/// One text that sums up the fleet's state: a row of `fleet_briefings`. Coding keys are the column names.
public struct BriefingRow: Sendable, Hashable, Codable {
    /// The row's number in this shard; nil until it is written.
    public var id: Int64?
    /// Seconds since 1970.
    public var timestamp: Double
    /// Its text.
    public var briefing: String
    /// The model that wrote it.
    public var model: String?
    /// What it was written from: JSON text.
    public var fleetData: String?

    /// All facts of the row.
    public init(timestamp: Double, briefing: String, model: String? = nil, fleetData: String? = nil) {
        self.timestamp = timestamp
        self.briefing = briefing
        self.model = model
        self.fleetData = fleetData
    }

    enum CodingKeys: String, CodingKey {
        case id
        case timestamp
        case briefing
        case model
        case fleetData = "fleet_data"
    }
}

extension BriefingRow: StoredRow {
    static let tableName = "fleet_briefings"
}
