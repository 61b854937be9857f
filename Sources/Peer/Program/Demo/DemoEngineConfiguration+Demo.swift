import DemoEngine

extension DemoEngineConfiguration {
    /// An engine with chat models of these names.
    static func demo(models: [String], slots: Int, tokenDelay: Duration, loadTime: Duration) -> DemoEngineConfiguration {
        var configuration = DemoEngineConfiguration()
        configuration.models = models.map { DemoModel(name: $0) }
        configuration.slotsPerModel = slots
        configuration.tokenDelay = tokenDelay
        configuration.loadTime = loadTime
        return configuration
    }
}
