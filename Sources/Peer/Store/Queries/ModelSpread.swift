/// How a figure of one model's requests is spread.
public struct ModelSpread: Sendable, Hashable, Codable {
    /// The model.
    public var model: String
    /// What was measured.
    public var figure: SpreadFigure
    /// Its values.
    public var spread: Spread

    /// All three.
    public init(model: String, figure: SpreadFigure, spread: Spread) {
        self.figure = figure
        self.model = model
        self.spread = spread
    }
}
