/// The picture out of OpenAI's answer.
enum PictureAnswer {
    /// Its bytes and their media type.
    static func read(_ body: [UInt8], limits: TranslationLimits) throws(TranslationError) -> (bytes: [UInt8], type: String) {
        let answer: JSONObject
        do throws(TranslationError) {
            answer = try JSONObject.read(body, limits: limits)
        } catch {
            throw .badAnswer("the engine's answer is no JSON object")
        }
        guard let text = answer["data"]?.array?.first?["b64_json"]?.string ?? answer["image"]?.string else {
            throw .badAnswer("the engine's answer holds no picture")
        }
        guard let bytes = Base64.decode(text), !bytes.isEmpty else {
            throw .badAnswer("the engine's picture is not in base64")
        }
        return (bytes, type(of: bytes))
    }

    private static func type(of bytes: [UInt8]) -> String {
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
        if bytes.starts(with: Array("RIFF".utf8)) { return "image/webp" }
        return "image/png"
    }
}
