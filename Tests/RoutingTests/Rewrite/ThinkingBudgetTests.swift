import Routing
import Testing

/// Room for thoughts (herd-compat §6.7).
@Suite struct ThinkingBudgetTests {
    /// The recorded case is 100 → 1024.
    @Test(arguments: [
        (1, 1024), (100, 1024), (255, 1024), (256, 1024), (257, 1028), (1000, 4000), (0, nil), (-1, nil), (-2, nil),
        (1 << 40, nil),
        (Int.max, nil), (Int.min, nil), (1 << 29, 1 << 30),
    ])
    func raised(_ asked: Int, _ expected: Int?) {
        #expect(ThinkingBudget().raised(asked) == expected)
    }

    @Test func itCanBeSwitchedOffAndChanged() {
        var budget = ThinkingBudget()
        for overhead in [1.0, 0, 0.5] {
            budget.overhead = overhead
            #expect(budget.raised(100) == nil)
        }
        budget.overhead = 1.5
        budget.minimum = 0
        #expect(budget.raised(101) == 152)
        budget.minimum = 50
        #expect(budget.raised(10) == 50)
    }

    @Test(arguments: [
        ("deepseek-r1:70b", true), ("gpt-oss:20b", true), ("QwQ", true), ("org/Phi-4-Reasoning-GGUF", true), ("llama3:8b", false),
        ("qwen2.5:7b", false), ("", false),
    ])
    func names(_ name: String, _ thinks: Bool) {
        #expect(ThinkingBudget.thinks(name: name) == thinks)
    }
}
