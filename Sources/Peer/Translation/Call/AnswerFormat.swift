/// The shape that an answer must have.
enum AnswerFormat: Sendable, Hashable {
    /// Some JSON object.
    case json
    /// JSON that fits a schema; `rest` has `description` and whatever else came with it.
    case schema(JSON, name: String?, strict: JSON?, rest: JSONObject)
}
