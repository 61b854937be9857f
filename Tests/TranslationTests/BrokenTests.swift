import Testing

@testable import Translation

/// Requests and answers that are broken at random: nothing ends the process, and what is made stays in proportion.
@Suite struct BrokenTests {
    private static let limits: TranslationLimits = {
        var limits = TranslationLimits()
        limits.maximumLineBytes = 16 << 10
        limits.maximumKeptBytes = 16 << 10
        limits.maximumValues = 5_000
        limits.maximumNesting = 40
        return limits
    }()

    @Test func brokenRequests() {
        var breaker = Breaker(seed: 0xBEEF)
        let requests: [(ClientRoute, String)] =
            ErrorTests.asks + [
                (.anthropicMessages, AnthropicTests.conversation), (.anthropicCountTokens, AnthropicTests.conversation),
                (.ollamaGenerate, #"{"prompt":"p","images":["iVBOR"],"options":{"stop":["a"],"num_predict":3},"format":{}}"#),
                (.ollamaEmbed, #"{"input":["a"],"options":{"x":1}}"#), (.ollamaEmbeddings, #"{"prompt":"a"}"#),
                (
                    .ollamaChat,
                    #"{"messages":[{"role":"assistant","tool_calls":[{"function":{"name":"a","arguments":{}}}]},{"role":"tool"}]}"#
                ),
                (
                    .openaiResponses,
                    #"{"input":[{"role":"user","content":"a"},{"type":"function_call","call_id":"c","name":"n"}]}"#
                ),
            ]
        var accepted = 0
        for round in 0..<4_000 {
            let (route, text) = requests[round % requests.count]
            let engine = EngineDialect.allCases[breaker.number(EngineDialect.allCases.count)]
            let body = breaker.broken(Array(text.utf8))
            var translator = Translator(route: route, engine: engine, context: Exchange().context, limits: Self.limits)
            do throws(TranslationError) {
                let step = try translator.request(body)
                accepted += 1
                if case .ask(let request) = step {
                    #expect(request.body.count <= 8 * body.count + 2_048)
                    #expect(throws: Never.self) { try JSON.read(request.body) }
                }
            } catch {
                #expect(!error.message.isEmpty && [.badRequest, .notCarried].contains(error.kind))
            }
        }
        #expect(accepted > 100)
    }

    @Test func brokenAnswers() throws {
        var breaker = Breaker(seed: 0xCAFE)
        var sources: [(EngineDialect, Golden)] = []
        for name in CutTests.openai + ["llamacpp/v1-chat", "llamacpp/v1-chat-tools", "ollama/v1-chat-think-stream"] {
            sources.append((.llamacpp, try Golden(name)))
        }
        for name in CutTests.ollama + ["ollama/chat-tools"] { sources.append((.ollama, try Golden(name))) }
        var completed = 0
        for round in 0..<3_000 {
            let (engine, golden) = sources[round % sources.count]
            let (route, ask) = ErrorTests.asks[breaker.number(3)]
            guard Translator.translates(route, for: engine) else { continue }
            let answer = breaker.broken(golden.answer)
            let exchange = Exchange(route: route, engine: engine, limits: Self.limits)
            let cut = breaker.number(answer.count + 1)
            let outcome = try exchange.run(Array(ask.utf8), contentType: golden.contentType, answer: answer, cuts: [cut])
            let again = try exchange.run(Array(ask.utf8), contentType: golden.contentType, answer: answer)
            #expect(outcome == again)
            #expect(outcome.isComplete == (outcome.failure == nil))
            #expect(outcome.bytes.count <= 40 * answer.count + 8_192)
            if outcome.isComplete { completed += 1 }
        }
        #expect(completed > 100)
    }

    @Test func noise() throws {
        var breaker = Breaker(seed: 3)
        for _ in 0..<500 {
            let noise = (0..<breaker.number(300)).map { _ in UInt8(breaker.number(256)) }
            for (route, ask) in ErrorTests.asks {
                for type in ["text/event-stream", "application/json", "application/x-ndjson", ""] {
                    let outcome = try Exchange(route: route, engine: .vllm).run(Array(ask.utf8), contentType: type, answer: noise)
                    #expect(!outcome.isComplete)
                }
            }
        }
    }
}
