/// What routing needs to know of a request body; the bytes themselves stay as they came.
struct BodyScan: Equatable {
    /// `model` (at the last of its occurrences, as engines read it); nil when absent or null.
    var model: String?
    /// Where that value stands, quotes included, counted from the body's first byte.
    var modelRange: Range<Int>?
    /// `node_id` of a request that manages models: the machine that it names.
    var node: String?
    /// `from` of a request that makes a model.
    var from: String?
    /// The digests in `files` and `adapters` of a request that makes a model, at most 256, without repeats.
    var blobs: [String] = []
    /// `stream`; nil when absent or null.
    var stream: Bool?
    /// `options.num_ctx`.
    var requestedContext: Int?
    /// `metadata.tags`, at most 64.
    var tags: [String] = []
    /// `metadata.user_id`.
    var metadataUser: String?
    /// `user`.
    var user: String?
    /// `fallback_models`, at most 16.
    var fallbackModels: [String] = []
    /// `fallback`: false forbids another model.
    var fallbackAllowed: Bool?
    /// `nomyo.cache`: the answer may be one that was given before.
    var wantsCache = false
    /// Images in the prompt or in any message.
    var imageCount = 0
    /// Pieces of sound in any message.
    var audioCount = 0
    /// `tools` is a list with something in it.
    var hasTools = false
    /// Entries of `messages`; nil when absent.
    var messageCount: Int?
    /// Bytes of text in prompt and messages.
    var textBytes = 0

    /// Where the values stand that may be rewritten.
    var places = BodyPlaces()

    /// Hash of the system prompt and the tools, when together they are long enough to be worth finding again; nil otherwise.
    var prefix: UInt64?

    /// The prompt in tokens (herd-compat §6.1).
    var estimatedTokens: Int {
        max(1, (textBytes + 16 * (messageCount ?? 0)) / 4 + 150 * imageCount)
    }
}
