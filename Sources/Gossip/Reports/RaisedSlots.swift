/// A model of which an engine showed that it runs more requests at once than was assumed.
public struct RaisedSlots: Hashable, Sendable, Codable {
    /// The model.
    public var model: ModelKey
    /// Requests that it runs at once.
    public var slots: Int

    /// What it showed.
    public init(model: ModelKey, slots: Int) {
        self.model = model
        self.slots = slots
    }
}
