/// Speed and slots of a running engine.
public struct DemoSettings: Sendable, Hashable {
    /// Time per token.
    public var tokenDelay: Duration
    /// Time to load a model.
    public var loadTime: Duration
    /// Requests that run at once per model, at least 1.
    public var slotsPerModel: Int

    /// All settings.
    public init(tokenDelay: Duration, loadTime: Duration, slotsPerModel: Int) {
        self.tokenDelay = tokenDelay
        self.loadTime = loadTime
        self.slotsPerModel = slotsPerModel
    }
}
