import Testing

@testable import Health

@Suite struct PinTests {
    @Test func eightyPercentAreTheBudget() {
        let budget = PinBudget(totalGigabytes: 100, pinned: ["a": 30, "b": 20])
        #expect(budget.gigabytes == 80 && budget.pinnedGigabytes == 50)
        #expect(budget.admits("c", gigabytes: 30) && !budget.admits("c", gigabytes: 30.1))
        #expect(budget.admits("a", gigabytes: 500), "it is pinned already")
        #expect(PinBudget(totalGigabytes: 0, pinned: [:]).admits("a", gigabytes: 500), "nobody knows the memory yet")
    }

    @Test func whatAModelTakes() {
        #expect(PinBudget.estimate(measured: 7, weights: 5) == 7)
        #expect(PinBudget.estimate(measured: nil, weights: 5) == 6)
        #expect(PinBudget.estimate(measured: 0, weights: 5) == 6)
        #expect(PinBudget.estimate(measured: nil, weights: -5) == 0)
    }

    @Test func keysAreShortAndTellPinsApart() {
        let pins = [
            Pin(node: "a", model: "b"), Pin(node: "ab", model: ""), Pin(node: "", model: "ab"), Pin(node: "b", model: "a"),
            Pin(node: "a", model: "b:latest"), Pin(node: "köln", model: String(repeating: "x", count: 200)),
        ]
        let keys = pins.map(\.settingKey)
        #expect(Set(keys).count == pins.count)
        #expect(
            keys.allSatisfy { $0.hasPrefix("pin/") && $0.utf8.count == 36 && $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } })
        #expect(Pin(node: "a", model: "b").settingKey == keys[0], "the same at every peer")
        #expect(Pin.perNode(pins + pins)["a"] == ["b", "b:latest"])
    }
}
