import Foundation
import HTTPStub
import Synchronization

/// A stub engine: a table of answers that a test can change, `METHOD /path` → answer. What is not in the table gets `other`.
final class Engine: Sendable {
    private struct State {
        var answers: [String: StubAnswer]
        var other: StubAnswer
        var once: [String: StubAnswer] = [:]
    }

    let stub: HTTPStub
    private let state: StateBox

    private final class StateBox: Sendable {
        let state: Mutex<State>
        init(_ state: State) { self.state = Mutex(state) }
    }

    init(_ answers: [String: StubAnswer], other: StubAnswer = .text("404 page not found", status: 404)) throws {
        let box = StateBox(State(answers: answers, other: other))
        state = box
        stub = try HTTPStub { request in
            let line = request.method + " " + request.path
            return box.state.withLock { $0.once.removeValue(forKey: line) ?? $0.answers[line] ?? $0.other }
        }
    }

    func set(_ line: String, _ answer: StubAnswer) { state.state.withLock { $0.answers[line] = answer } }

    /// Answers the next request like this, and the others as before.
    func setOnce(_ line: String, _ answer: StubAnswer) { state.state.withLock { $0.once[line] = answer } }

    /// How often a route was asked.
    func count(_ line: String) -> Int { stub.lines.count { $0 == line } }

    /// Every route that was asked, once.
    var asked: Set<String> { Set(stub.lines) }

    /// Ollama as it was recorded.
    static func ollama() throws -> Engine {
        try Engine([
            "GET /": Golden.answer("ollama/root-get"), "GET /api/version": Golden.answer("ollama/version"),
            "GET /api/tags": Golden.answer("ollama/tags"), "GET /api/ps": Golden.answer("ollama/ps"),
            "POST /api/show": Golden.answer("ollama/show"), "GET /v1/models": Golden.answer("ollama/v1-models"),
        ])
    }

    /// llama.cpp's server as it was recorded.
    static func llama() throws -> Engine {
        try Engine(
            [
                "GET /": Golden.answer("llamacpp/root"), "GET /health": Golden.answer("llamacpp/health"),
                "GET /v1/models": Golden.answer("llamacpp/v1-models"), "GET /props": Golden.answer("llamacpp/props"),
                "GET /slots": Golden.answer("llamacpp/slots-idle"),
            ], other: Golden.answer("llamacpp/api-tags"))
    }

    static func vllm() throws -> Engine {
        try Engine([
            "GET /health": .text(""), "GET /version": .json(#"{"version":"0.11.0"}"#),
            "GET /v1/models": .json(
                #"""
                {"object":"list","data":[
                {"id":"Qwen/Qwen3-8B","object":"model","created":1,"owned_by":"vllm",
                "root":"Qwen/Qwen3-8B","parent":null,"max_model_len":40960,"permission":[]},
                {"id":"sql","object":"model","owned_by":"vllm","root":"/lora","parent":"Qwen/Qwen3-8B","max_model_len":null}]}
                """#),
        ])
    }

    static func lmStudio() throws -> Engine {
        try Engine(
            [
                "GET /api/v0/models": .json(
                    #"""
                    {"object":"list","data":[
                    {"id":"qwen2.5-7b","object":"model","type":"llm","publisher":"q","arch":"qwen2",
                    "compatibility_type":"gguf","quantization":"Q4_K_M",
                    "state":"loaded","max_context_length":32768,"loaded_context_length":4096},
                    {"id":"nomic","object":"model","type":"embeddings","arch":"nomic-bert",
                    "compatibility_type":"gguf","quantization":"Q4_0","state":"not-loaded","max_context_length":2048}]}
                    """#)
            ], other: .json(#"{"error":"Unexpected endpoint or method. Returning 200 anyway"}"#))
    }
}

/// Waits until something is so, at most ten seconds.
func eventually(_ condition: () async -> Bool) async -> Bool {
    let end = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < end {
        if await condition() { return true }
        try? await Task.sleep(for: .milliseconds(2))
    }
    return await condition()
}
