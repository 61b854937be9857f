/// The tokens of one request as its engine counted them.
public struct TokenUsage: Sendable, Hashable {
    /// Tokens of the prompt, those found in a cache included.
    public var prompt: Int64?
    /// Tokens that the model made, thinking included.
    public var completion: Int64?
    /// Those of the prompt that were found in a cache.
    public var cached: Int64?
    /// Those of the completion that were thinking.
    public var reasoning: Int64?

    /// Nothing counted yet.
    public init() {}

    /// Reads OpenAI's `usage`.
    init(openai usage: JSON) {
        prompt = usage["prompt_tokens"]?.integer
        completion = usage["completion_tokens"]?.integer
        cached = usage["prompt_tokens_details"]?["cached_tokens"]?.integer
        reasoning = usage["completion_tokens_details"]?["reasoning_tokens"]?.integer
    }

    /// Reads the last object of an answer of Ollama's.
    init(ollama answer: JSON) {
        prompt = answer["prompt_eval_count"]?.integer
        completion = answer["eval_count"]?.integer
    }

    /// Reads llama.cpp's `timings`, for answers without `usage`.
    init(timings: JSON) {
        cached = timings["cache_n"]?.integer
        prompt = timings["prompt_n"]?.integer.map { $0 &+ (cached ?? 0) }
        completion = timings["predicted_n"]?.integer
    }

    var isEmpty: Bool { self == TokenUsage() }
}
