import Gossip
import Routing
import Testing

/// Which models answer for names that only a vendor has.
@Suite struct StandInTests {
    private func fleet(_ names: [String], loaded: [String] = [], can: [String] = []) -> FleetView {
        view([
            machine(1) { member in
                member.models?.available = names.map { listed($0, gigabytes: 1, can: can) }
                for name in loaded { member.load(name) }
            }
        ])
    }

    @Test func loadedOnesGoFirstThenWhatTheNamePromises() {
        let names = ["big:70b", "small:3b", "qwen2.5-coder:32b", "nomic-embed-text", "llava:7b"]
        let standIns = StandInModels()
        #expect(standIns.names(for: chat("claude-sonnet-4-5"), in: fleet(names)) == ["qwen2.5-coder:32b", "big:70b", "small:3b"])
        #expect(standIns.names(for: chat("claude-3-5-haiku-latest"), in: fleet(names)).first == "small:3b")
        #expect(standIns.names(for: chat("claude-opus-4"), in: fleet(["a:70b", "b:8b"])) == ["a:70b", "b:8b"])
        #expect(standIns.names(for: chat("gpt-5-mini"), in: fleet(["a:70b", "b:8b"])) == ["b:8b", "a:70b"])
        #expect(standIns.names(for: chat("claude-sonnet-4-5"), in: fleet(names, loaded: ["small:3b"])).first == "small:3b")
    }

    @Test func nothingBlindOrMuteAnswers() {
        var images = chat("claude-sonnet-4-5")
        images.hasImages = true
        let view = view([
            machine(1) {
                $0.models?.available = [
                    listed("blind:70b", gigabytes: 1, can: ["completion", "tools"]),
                    listed("seeing:7b", gigabytes: 1, can: ["completion", "vision"]),
                    listed("vectors:1b", gigabytes: 1, can: ["embedding"]),
                ]
            },
            machine(2) {
                $0.status = .unreachable
                $0.models?.available = [listed("away:99b", gigabytes: 1, can: ["vision", "completion"])]
            },
        ])
        #expect(StandInModels().names(for: images, in: view) == ["seeing:7b"])
        var tools = chat("claude-sonnet-4-5")
        tools.hasTools = true
        #expect(StandInModels().names(for: tools, in: view) == ["blind:70b"])
    }

    @Test(arguments: ["no-such-model", "gpt-oss", "gpt-oss:20b", "claude:7b", "llama3.3"])
    func aSlipIsNoVendorsName(_ name: String) {
        #expect(StandInModels().names(for: chat(name), in: fleet(["big:70b"])).isEmpty)
    }

    @Test func whatIsWrittenCounts() {
        let view = fleet(["big:70b"])
        let written = StandInModels(
            written: [.init(name: "claude-sonnet-4-5", model: "mine:7b"), .init(name: "default", model: "rest:7b")],
            isAutomatic: false)
        #expect(written.names(for: chat("Claude-Sonnet-4-5"), in: view) == ["mine:7b"])
        #expect(written.names(for: chat("claude-other"), in: view) == ["rest:7b"])
        #expect(StandInModels(isAutomatic: false).names(for: chat("claude-other"), in: view).isEmpty)
    }

    /// An engine behind https may be others' own: it answers for no name but its models'.
    @Test func outsideEnginesStandInForNothing() {
        var members = [
            machine(1) { $0.models?.available = [listed("far:70b", gigabytes: 1, can: ["completion"])] },
            machine(2) { $0.models?.available = [listed("near:7b", gigabytes: 1, can: ["completion"])] },
        ]
        #expect(StandInModels().names(for: chat("claude-sonnet-4-5"), in: view(members)).contains("far:70b"))
        for index in members[0].models?.backends.indices ?? 0..<0 { members[0].models?.backends[index].isOutside = true }
        #expect(StandInModels().names(for: chat("claude-sonnet-4-5"), in: view(members)) == ["near:7b"])
        members[0].load("far:70b")
        var request = chat("near:7b")
        request.substitution = .always
        #expect(rank(request, members).candidates.map(\.servedModel) == ["near:7b"])
        #expect(rank(chat("far:70b"), members).candidates.map(\.servedModel) == ["far:70b"])
    }
}
