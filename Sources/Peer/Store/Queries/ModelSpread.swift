/// How a figure of one model's requests is spread.
public struct ModelSpread: Sendable, Hashable, Codable {
    /// The model.
    public var model: String
    /// Its values.
    public var spread: Spread

    /// Both.
    public init(model: String, spread: Spread) {
        self.model = model
        self.spread = spread
    }
}
