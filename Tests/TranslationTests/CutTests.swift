import Testing

@testable import Translation

/// What is made does not depend on where an answer is cut.
@Suite struct CutTests {
    static let openai = [
        "llamacpp/v1-chat-stream-usage", "llamacpp/v1-chat-tools-stream", "ollama/v1-chat-tools-stream",
    ]
    static let ollama = ["ollama/chat-tools-stream", "ollama/chat-stream"]

    private func compare(_ exchange: Exchange, _ ask: String, _ golden: Golden) throws {
        let whole = try exchange.run(ask, golden)
        #expect(whole.isComplete && whole.failure == nil && !whole.bytes.isEmpty)
        let count = golden.answer.count
        for cut in 0...count { #expect(try exchange.run(ask, golden, cuts: [cut]) == whole, "cut at \(cut)") }
        #expect(try exchange.run(ask, golden, cuts: Array(0..<count)) == whole)
    }

    @Test(arguments: openai, [0, 1, 2]) func streamsOfOpenAI(name: String, which: Int) throws {
        let (route, ask) = ErrorTests.asks[which]
        try compare(Exchange(route: route), ask, try Golden(name))
    }

    @Test(arguments: ollama, [1, 2]) func streamsOfOllama(name: String, which: Int) throws {
        let (route, ask) = ErrorTests.asks[which]
        try compare(Exchange(route: route, engine: .ollama), ask, try Golden(name))
    }

    @Test func thinkingByteByByte() throws {
        for (route, ask) in ErrorTests.asks {
            let golden = try Golden("ollama/v1-chat-think-stream")
            let exchange = Exchange(route: route)
            #expect(try exchange.run(ask, golden, cuts: Array(0..<golden.answer.count)) == exchange.run(ask, golden))
        }
    }

    @Test func wholeAnswersAndErrors() throws {
        for (route, ask) in ErrorTests.asks {
            for name in ["llamacpp/v1-chat-tools", "llamacpp/v1-chat-unknown-model", "llamacpp/v1-chat-bad-json"] {
                let golden = try Golden(name)
                let exchange = Exchange(route: route)
                let whole = try exchange.run(ask, golden)
                for cut in 0...golden.answer.count { #expect(try exchange.run(ask, golden, cuts: [cut]) == whole) }
            }
        }
    }

    @Test func linesThatEndWithReturnAndLineFeed() throws {
        let golden = try Golden("llamacpp/v1-chat-stream-usage")
        var dos = golden
        dos.answer = golden.answer.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
        let (route, ask) = ErrorTests.asks[1]
        let exchange = Exchange(route: route)
        #expect(try exchange.run(ask, dos) == exchange.run(ask, golden))
    }
}
