/// A request in the engine's dialect, before it is bytes.
struct EngineCall: Sendable, Hashable {
    var path: String
    var body: JSONObject
}
