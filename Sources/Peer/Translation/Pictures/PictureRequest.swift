/// ollama-herd's request for a picture, as OpenAI's (herd-compat §1.6).
enum PictureRequest {
    /// The request of an engine, and the model it is for.
    static func read(
        _ body: [UInt8], context: TranslationContext, limits: TranslationLimits
    ) throws(TranslationError) -> (call: EngineCall, model: String) {
        let asked = try JSONObject.read(body, limits: limits)
        let model = asked["model"]?.string ?? ""
        guard let prompt = asked["prompt"]?.string, !prompt.isEmpty else { throw .badRequest("prompt is required") }
        let width = try side("width", asked)
        let height = try side("height", asked)
        var call = JSONObject([
            "model": .string(context.engineModel ?? model), "prompt": .string(prompt), "size": .string("\(width)x\(height)"),
            "response_format": "b64_json", "n": 1,
        ])
        // What it says besides goes on as it is: some engines know it.
        for member in asked.members where !["model", "prompt", "width", "height", "size"].contains(member.key) {
            if call[member.key] == nil { call.add(member.key, member.value) }
        }
        return (EngineCall(path: "/v1/images/generations", body: call), model)
    }

    private static func side(_ name: String, _ asked: JSONObject) throws(TranslationError) -> Int64 {
        guard let value = asked[name], !value.isNull else { return 1024 }
        guard let number = value.integer, (16...16_384).contains(number) else {
            throw .badRequest("`\(name)` must be a number of pixels from 16 to 16384")
        }
        return number
    }
}
