/// A thinking model spends its answer's tokens on thoughts first: a limit that was meant for the answer is raised (herd-compat
/// §6.7).
public struct ThinkingBudget: Hashable, Sendable {
    /// The limit becomes so many times as large; 1 or less changes nothing (`FLEET_THINKING_OVERHEAD`).
    public var overhead = 4.0
    /// And at least so large, tokens (`FLEET_THINKING_MIN_PREDICT`).
    public var minimum = 1024

    /// ollama-herd's figures.
    public init() {}

    /// The most that a limit is raised to, tokens.
    private static let most = 1 << 30

    /// What a limit of `asked` tokens becomes; nil to leave it. Numbers below 1 stand for no limit.
    public func raised(_ asked: Int) -> Int? {
        guard overhead > 1, asked > 0, asked < Self.most else { return nil }
        let raised = max(Int(min(Double(Self.most), (Double(asked) * overhead).rounded(.up))), minimum)
        return raised > asked ? raised : nil
    }

    /// A model of this name thinks, as far as names tell: for engines that do not say what a model can do.
    public static func thinks(name: String) -> Bool {
        let lower = name.lowercased()
        return ["deepseek-r1", "gpt-oss", "qwq", "phi-4-reasoning", "reasoning", "muse-glimmer"].contains { lower.contains($0) }
    }
}
