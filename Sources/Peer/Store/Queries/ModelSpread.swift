/// How a figure of one model's requests is spread.
public struct ModelSpread: Sendable, Hashable, Codable {
    /// The model.
    public var model: String
    /// What was measured.
    public var figure: SpreadFigure
    /// Its values.
    public var spread: Spread
    /// The greatest of its recent values; nil where nobody asked for it or there is none.
    public var recentMaximum: Double?

    /// What was measured of a model.
    public init(model: String, figure: SpreadFigure, spread: Spread, recentMaximum: Double? = nil) {
        self.figure = figure
        self.model = model
        self.spread = spread
        self.recentMaximum = recentMaximum
    }

    /// Adds the values of another shard, of the same model and figure.
    public mutating func add(_ other: ModelSpread) {
        spread.add(other.spread)
        if let value = other.recentMaximum { recentMaximum = max(recentMaximum ?? value, value) }
    }

    /// Adds one value.
    mutating func add(_ value: Double, isRecent: Bool) {
        let before = spread.count
        spread.add(value)
        if isRecent, spread.count > before { recentMaximum = max(recentMaximum ?? value, value) }
    }
}
