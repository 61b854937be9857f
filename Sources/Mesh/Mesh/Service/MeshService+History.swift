extension MeshService {
    /// There is a history file, so `record` does something.
    public var keepsHistory: Bool { historyTap != nil }

    /// Adds a line to the history, when there is one. Never waits; calls that follow each other are written in their order.
    public func record(_ tap: HistoryTap) { historyTap?(tap) }
}
