/// How long the parts of an answer took by the engine's own clock, in nanoseconds; nil where it does not say.
struct Timings: Sendable, Hashable {
    var load: Int64?
    var prompt: Int64?
    var generation: Int64?

    init() {}

    /// Reads llama.cpp's `timings`.
    init(llamacpp timings: JSON) {
        prompt = Self.nanoseconds(timings["prompt_ms"])
        generation = Self.nanoseconds(timings["predicted_ms"])
    }

    /// Reads the last object of an answer of Ollama's.
    init(ollama answer: JSON) {
        load = answer["load_duration"]?.integer
        prompt = answer["prompt_eval_duration"]?.integer
        generation = answer["eval_duration"]?.integer
    }

    private static func nanoseconds(_ milliseconds: JSON?) -> Int64? {
        guard let value = milliseconds?.double, value >= 0, value < 1e12 else { return nil }
        return Int64((value * 1e6).rounded())
    }
}
