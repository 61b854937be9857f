/// One thing that a check found, under ollama-herd's keys.
public struct Finding: Hashable, Sendable, Encodable {
    /// Which check: a name that does not change.
    public var checkID: String
    /// How bad it is.
    public var severity: Severity
    /// In a few words.
    public var title: String
    /// What was seen.
    public var description: String
    /// What to do.
    public var fix: String
    /// The node that it is about; nil for the fleet.
    public var nodeID: String?
    /// Figures, by the check's own keys.
    public var data: [String: DataValue]

    /// A finding.
    public init(
        _ checkID: String, _ severity: Severity, title: String, description: String, fix: String, node: String? = nil,
        data: [String: DataValue] = [:]
    ) {
        self.checkID = checkID
        self.severity = severity
        self.title = title
        self.description = description
        self.fix = fix
        nodeID = node
        self.data = data
    }

    /// Writes all keys, a missing node as null.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(checkID, forKey: .checkID)
        try container.encode(severity, forKey: .severity)
        try container.encode(title, forKey: .title)
        try container.encode(description, forKey: .description)
        try container.encode(fix, forKey: .fix)
        try container.encode(nodeID, forKey: .nodeID)
        try container.encode(data, forKey: .data)
    }

    private enum CodingKeys: String, CodingKey {
        case checkID = "check_id"
        case severity, title, description, fix
        case nodeID = "node_id"
        case data
    }
}
