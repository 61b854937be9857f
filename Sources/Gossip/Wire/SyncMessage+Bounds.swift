extension SyncMessage {
    /// Members, hot records, and half of the cold ones: no message has more.
    public static let mostMembers = 4_096
    /// The longest payload of a cold record, bytes.
    public static let longestPayload = 256 * 1_024

    /// It came off the network with counts and lengths that a peer may have. One that has not is to be refused whole.
    public var isWithinBounds: Bool {
        members.count <= Self.mostMembers
            && hot.count <= Self.mostMembers
            && have.count <= 2 * Self.mostMembers
            && records.count <= 2 * Self.mostMembers
            && records.allSatisfy { $0.payload.count <= Self.longestPayload }
            && hot.allSatisfy { $0.report.gpus.count <= HotReport.mostGPUs && $0.report.loaded.count <= HotReport.mostModels }
            && settings.count <= SettingsTable.mostKeys && settings.allSatisfy(\.isWithinBounds)
            && sender.isWithinBounds
            && members.allSatisfy(\.isWithinBounds)
    }
}

extension MemberRecord {
    /// Its fields have values and lengths that a peer may have; of records off the network that are not read by the codec.
    public var isWithinBounds: Bool {
        candidacy.priority <= 100 && keyIDs.count <= Self.mostKeys && pin?.count ?? Self.pinByteCount == Self.pinByteCount
    }
}
