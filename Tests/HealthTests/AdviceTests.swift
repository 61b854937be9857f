import Testing

@testable import Health

@Suite struct AdviceTests {
    private func facts(_ nodes: [AdviceFacts.Node], requests: [String: Int] = [:]) -> AdviceFacts {
        var facts = AdviceFacts()
        facts.nodes = nodes
        facts.requests = requests
        return facts
    }

    @Test func anEmptyFleetGetsNothing() {
        let advice = FleetAdvice(facts([]))
        #expect(advice.nodes.isEmpty && advice.uncovered == ModelKind.usual)
    }

    @Test func theBiggestNodeComesFirstAndNothingIsTooLarge() {
        let advice = FleetAdvice(
            facts([.init("small", memoryGigabytes: 16), .init("big", memoryGigabytes: 128), .init("tiny", memoryGigabytes: 5)]))
        #expect(advice.nodes.map(\.name) == ["big", "small", "tiny"])
        for node in advice.nodes {
            #expect(node.recommendedGigabytes <= node.usableGigabytes && node.headroomGigabytes >= 0)
            #expect(Set(node.recommendations.map(\.kind)).count == node.recommendations.count, "one of each category")
        }
        #expect(advice.nodes[0].recommendations.first?.kind == .general)
        #expect(advice.nodes[2].recommendations.isEmpty && advice.nodes[2].usableGigabytes == 0)
    }

    @Test func aModelIsRecommendedTwiceAtMost() {
        let nodes = (0..<6).map { AdviceFacts.Node("n\($0)", memoryGigabytes: 64) }
        var counts: [String: Int] = [:]
        for item in FleetAdvice(facts(nodes)).nodes.flatMap(\.recommendations) { counts[item.model, default: 0] += 1 }
        #expect(counts.values.max() == 2)
    }

    @Test func whatIsUsedIsKept() throws {
        let node = AdviceFacts.Node(
            "desk", memoryGigabytes: 46,
            models: [
                .init("odd/thing:latest", gigabytes: 10, isLoaded: true), .init("odd:7b", gigabytes: 4),
                .init("odd:3b", gigabytes: 2), .init("huge:latest", gigabytes: 17), .init("never:latest", gigabytes: 1),
            ])
        let advice = FleetAdvice(
            facts([node], requests: ["odd/thing:latest": 9, "odd:7b": 5, "odd:3b": 7, "huge:latest": 50]))
        let kept = try #require(advice.nodes.first).recommendations.filter { $0.priority == .high && $0.isThere }
        // 17 GB of weights are more than half of 40; of a family the most used one stays.
        #expect(kept.map(\.model) == ["odd/thing:latest", "odd:3b"])
        #expect(kept.map(\.quality) == [nil, nil] && advice.nodes[0].current == ["odd/thing:latest"])
    }

    @Test func halfOfANodeIsTheLimit() {
        func isKept(_ gigabytes: Double) -> Bool {
            let node = AdviceFacts.Node("a", memoryGigabytes: 30, models: [.init("m:latest", gigabytes: gigabytes)])
            return FleetAdvice(facts([node], requests: ["m:latest": 1])).nodes[0].recommendations.contains {
                $0.model == "m:latest"
            }
        }
        #expect(isKept(10) && !isKept(10.01))
    }

    @Test func demandDecidesTheOrder() throws {
        let advice = FleetAdvice(
            facts(
                [.init("a", memoryGigabytes: 24, models: [.init("llava:latest", gigabytes: 30, capabilities: ["completion"])])],
                requests: ["qwen2.5-coder:7b": 3, "llava:latest": 9]))
        #expect(advice.demand == [.coding: 3, .vision: 9])
        let kinds = try #require(advice.nodes.first).recommendations.map(\.kind)
        #expect(kinds.first == .vision && kinds.dropFirst().first == .coding)
        let coding = advice.nodes[0].recommendations.first { $0.kind == .coding }
        // Asked for, and nobody has one.
        #expect(coding?.priority == .high)
        #expect(advice.nodes[0].recommendations.first { $0.kind == .vision }?.priority == .medium)
    }

    @Test func aFullDiskTakesNothingNew() {
        var node = AdviceFacts.Node("a", memoryGigabytes: 64, models: [.init("qwen3:8b", gigabytes: 5.2)])
        node.diskFreeGigabytes = 0.5
        let all = FleetAdvice(facts([node])).nodes[0].recommendations
        #expect(all.map(\.model) == ["qwen3:8b"] && all.first?.isThere == true)
        node.diskFreeGigabytes = nil
        #expect(FleetAdvice(facts([node])).nodes[0].recommendations.count > 2)
    }

    @Test func categoriesByName() {
        let names: [(String, [String], ModelKind)] = [
            ("qwen3-coder:30b", [], .coding), ("mine/starcoder2:latest", [], .coding), ("deepseek-r1:1.5b", [], .reasoning),
            ("llama3.2-vision:11b", [], .vision), ("qwen3:0.6b", [], .fastChat), ("something:70b", [], .general),
            ("something:latest", [], .general), ("nomic-embed-text:latest", [], .embedding),
            ("odd:latest", ["embedding"], .embedding), ("llama3.2:latest", [], .fastChat), ("qwen3:8b", ["completion"], .general),
        ]
        for (name, capabilities, kind) in names { #expect(ModelKind(name, capabilities: capabilities) == kind, "\(name)") }
        #expect(ModelKind.billions("a:1.7b-q4") == 1.7 && ModelKind.billions("a") == nil && ModelKind.billions("a:latest") == nil)
    }

    @Test func theCatalogIsInOrder() {
        #expect(Set(CatalogModel.all.map(\.name)).count == CatalogModel.all.count)
        for kind in ModelKind.usual { #expect(CatalogModel.all.contains { $0.kind == kind }) }
        #expect(CatalogModel.all.allSatisfy { (0...100).contains($0.quality) && $0.gigabytes > 0 })
    }

    @Test func contextsThatWouldDo() {
        var tokens = LogHistogram()
        #expect(ContextAdvice(allocated: 4_096, tokens: tokens, latestMaximum: nil).recommended == nil)
        for _ in 0..<100 { tokens.add(3_000) }
        let fits = ContextAdvice(allocated: 32_768, tokens: tokens, latestMaximum: nil)
        #expect(fits.recommended == 8_192 && fits.savingsPercent == 75 && fits.utilizationPercent == 9)
        #expect(ContextAdvice(allocated: 8_192, tokens: tokens, latestMaximum: 6_000).recommended == 16_384)
        #expect(ContextAdvice(allocated: 8_192, tokens: tokens, latestMaximum: 6_000).savingsPercent == nil)
        let unloaded = ContextAdvice(allocated: nil, tokens: tokens, latestMaximum: nil)
        #expect(unloaded.recommended == 8_192 && unloaded.utilizationPercent == nil)
    }
}
