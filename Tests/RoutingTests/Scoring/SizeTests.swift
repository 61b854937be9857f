import Gossip
import Testing

@testable import Routing

@Suite struct ModelSizeTests {
    /// The table of herd-compat; between its rows 0.62 GB per billion and 0.3 GB more.
    @Test(
        arguments: [
            ("deepseek-r1:671b", 400.0), ("qwen3-coder:480b-q4_K_M", 290), ("llama3.1:405b", 230), ("qwen3:235b-a22b", 140),
            ("mixtral:8x22b", 109.42), ("gpt-oss:120b", 72), ("qwen2:72b", 45), ("llama3.3:70b", 45), ("qwen3:32b", 20),
            ("qwen3:30b-a3b", 19), ("gemma3:27b-it-qat", 19), ("codestral:22b", 14), ("phi4:14b", 10), ("llama2:13b", 10),
            ("llama3.1:8b", 5), ("Mistral-7B-Instruct-v0.3", 5), ("gemma3n:e4b", 3), ("llama3.2:3b", 3), ("llama3.2:1b", 1),
            ("qwen3:0.6b", 1),
            ("qwen2.5:0.5b", 1), ("mixtral:8x7b", 35.02), ("nomic-embed-text:137m", 0.5), ("nomic-embed-text", 0.5),
            ("meta-llama/Llama-3.2-11B-Vision", 7.12),
        ] as [(String, Double)])
    func byName(name: String, gigabytes: Double) throws {
        #expect(abs(try #require(ModelSize.estimateBytes(name: name, parameterSize: "")) - gigabytes * 1e9) < 1e3)
    }

    @Test(arguments: ["mistral", "phi-4bit", "v1.2", "", "0b", "x", "7", "99999999999999999999999b", "1.", "model-4.b", "8xb"])
    func namesThatSayNothing(name: String) {
        #expect(ModelSize.estimateBytes(name: name, parameterSize: "") == nil)
    }

    @Test func byParameterSize() throws {
        #expect(try #require(ModelSize.estimateBytes(name: "mistral", parameterSize: "7B")) == 5e9)
        #expect(try #require(ModelSize.estimateBytes(name: "all-minilm", parameterSize: "22.57M")) == 0.5e9)
    }

    /// The engine's figure, then the name, then another machine's figure, then 100 GB: seen in whether 50 GiB of memory suffice.
    @Test func theOrderOfSources() {
        func fits(_ model: AvailableModel, elsewhere: AvailableModel? = nil) -> Bool {
            let one = machine(1) {
                $0.models?.available = [model]
                $0.hot?.memoryAvailableMiB = 50 * 1024
            }
            let two = machine(2) {
                $0.models?.available = elsewhere.map { [$0] } ?? []
                $0.hot?.draining = true
            }
            return rank(chat(model.name), [one, two]).order == [1]
        }
        #expect(!fits(listed("small:7b", gigabytes: 60)))
        #expect(fits(listed("large:405b", gigabytes: 10)))
        #expect(!fits(listed("large:405b"), elsewhere: listed("large:405b", gigabytes: 10)))
        #expect(!fits(listed("mistral")))
        #expect(fits(listed("mistral"), elsewhere: listed("mistral", gigabytes: 10)))
        #expect(!fits(listed("mistral"), elsewhere: listed("mistral", gigabytes: 60)))
    }
}

@Suite struct TokenEstimateTests {
    /// (characters + 16 per message) / 4 + 150 per image, at least 1.
    @Test(arguments: [
        (0, 0, 0, 1), (3, 0, 0, 1), (8, 0, 0, 2), (0, 1, 0, 4), (100, 2, 0, 33), (101, 2, 1, 183), (0, 0, 3, 450),
        (-5, -5, -5, 1),
    ])
    func tokens(characters: Int, messages: Int, images: Int, tokens: Int) {
        #expect(TokenEstimate(characters: characters, messages: messages, images: images).tokens == tokens)
    }

    @Test func hugeCountsDoNotOverflow() {
        #expect(TokenEstimate(characters: .max, messages: .max, images: .max).tokens > 1 << 40)
    }
}
