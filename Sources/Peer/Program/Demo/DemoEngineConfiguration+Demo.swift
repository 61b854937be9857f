import DemoEngine

extension DemoEngineConfiguration {
    /// An engine with models of these names: those with `embed` in it make vectors, those with `think` think, those with
    /// `hear` take sound, the others chat.
    static func demo(
        models: [String], slots: Int, tokenDelay: Duration, loadTime: Duration, pullable: [String] = []
    ) -> DemoEngineConfiguration {
        var configuration = DemoEngineConfiguration()
        configuration.models = models.map { DemoModel(name: $0, capabilities: capabilities(of: $0)) }
        configuration.pullable = pullable.map { DemoModel(name: $0, capabilities: capabilities(of: $0)) }
        configuration.slotsPerModel = slots
        configuration.tokenDelay = tokenDelay
        configuration.loadTime = loadTime
        return configuration
    }

    private static func capabilities(of name: String) -> [String] {
        if name.contains("embed") { return ["embedding"] }
        if name.contains("hear") { return ["completion", "audio"] }
        return name.contains("think") ? ["completion", "tools", "thinking"] : ["completion", "tools"]
    }
}
