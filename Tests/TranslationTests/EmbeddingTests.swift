import Testing

@testable import Translation

/// Ollama's embeddings over OpenAI's route.
@Suite struct EmbeddingTests {
    @Test func requestsKeepWhatIsUnknown() throws {
        let asked = try Exchange(route: .ollamaEmbed).ask(
            #"{"model":"e","input":["a","b"],"truncate":true,"dimensions":8,"options":{"num_ctx":9},"keep_alive":"1m","x":1.0}"#)
        #expect(asked.path == "/v1/embeddings" && !asked.streams)
        let head = #"{"model":"e","input":["a","b"],"encoding_format":"float","truncate":true,"dimensions":8"#
        let expected = head + #","keep_alive":"1m","x":1.0,"num_ctx":9}"#
        #expect(asked.body.text == expected)
        #expect(try Exchange(route: .ollamaEmbeddings).ask(#"{"model":"e","prompt":"p"}"#).body["input"]?.string == "p")
    }

    @Test func answersLookLikeOllamas() throws {
        let golden = try Golden("ollama/v1-embeddings")
        let outcome = try Exchange(route: .ollamaEmbed).run(#"{"model":"tiny-embed","input":["one","two"]}"#, golden)
        let json = try outcome.json
        // Vectors that have length one keep the text of their numbers.
        let vectors = try golden.json["data"]?.array?.compactMap { $0["embedding"] }
        #expect(json["embeddings"]?.array == vectors)
        let keys = try Golden("ollama/embed").json.keys.filter { $0 != "load_duration" }
        #expect(json.keys == keys)
        #expect(outcome.isComplete && outcome.usage.prompt != nil)
        let one = try Exchange(route: .ollamaEmbeddings).run(#"{"model":"tiny-embed","prompt":"one"}"#, golden).json
        #expect(one.keys == ["embedding"] && one["embedding"] == json["embeddings"]?[0])
    }

    @Test func vectorsAreOrderedAndMadeOneLong() throws {
        let whole = #"{"data":[{"index":1,"embedding":[0,2]},{"index":0,"embedding":[3,4]},{"index":2,"embedding":[0,0]}]}"#
        let json = try Exchange(route: .ollamaEmbed).run(#"{"model":"e","input":["a","b","c"]}"#, whole: whole).json
        #expect(json["embeddings"]?.text == "[[0.6,0.8],[0.0,1.0],[0,0]]")
    }

    @Test func nothingIsAnsweredHere() throws {
        let empty = try Exchange(route: .ollamaEmbed).answer(#"{"model":"tiny-embed","input":[]}"#)
        #expect(try empty == Golden("ollama/embed-empty").json)
        #expect(try Exchange(route: .ollamaEmbeddings).answer(#"{"model":"e","prompt":""}"#).text == #"{"embedding":[]}"#)
    }

    @Test func whatIsWrongIsNamed() throws {
        let refusal = Exchange(route: .ollamaEmbed).refusal(#"{"input":[1]}"#)
        #expect(refusal == .badRequest("`input` must be a string or a list of strings"))
        let ask = #"{"model":"e","input":"a"}"#
        let exchange = Exchange(route: .ollamaEmbed)
        #expect(try exchange.run(ask, whole: "{}").failure == .badAnswer("the engine's answer has no `data`"))
        #expect(
            try exchange.run(ask, whole: #"{"data":[{"embedding":"AAAA"}]}"#).failure
                == .badAnswer("the engine's answer has an embedding that is not a list of numbers"))
        #expect(try exchange.run(ask, whole: #"{"error":"no"}"#).failure?.message == "no")
        let refused = try exchange.run(ask, Golden("llamacpp/v1-embeddings-on-chat-model"))
        #expect(refused.head.status == 501)
        #expect(try refused.json["error"]?.string?.hasPrefix("This server does not support embeddings") == true)
    }
}
