/// A request for a chat in the terms that all dialects share. What they do not share is kept by its own name.
struct ChatCall: Sendable, Hashable {
    /// The model as the client named it.
    var model: String?
    /// The conversation, system prompts included.
    var turns: [Turn] = []
    /// A prompt that is completed as it stands, instead of a conversation.
    var prompt: PlainPrompt?
    /// Tools in the form that OpenAI and Ollama share.
    var tools: [JSON] = []
    /// Which of them must be called.
    var toolChoice: ToolChoice?
    /// False: at most one call.
    var parallelCalls: Bool?
    /// Whether and how much the model thinks before it answers; nil leaves it to the model.
    var thinking: Thinking?
    /// The shape of the answer.
    var format: AnswerFormat?
    /// Sampling and length, in the order in which they came.
    var settings: [Setting] = []
    /// The probabilities of the answer's tokens are wanted.
    var logprobs: JSON?
    /// How many alternatives are wanted with them.
    var topLogprobs: JSON?
    /// The answer comes as it is made.
    var streams = false
    /// Options of Ollama that have no common term.
    var options = JSONObject()
    /// Members of the request that have no common term.
    var rest = JSONObject()
}
