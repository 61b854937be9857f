import NIOHTTP1

extension Exchange {
    /// Speech to text: whatever is said, the answer is the reply that every prompt gets.
    func transcriptions() throws(DemoFailure) {
        let type = head.headers.first(name: "content-type") ?? ""
        guard type.hasPrefix("multipart/form-data"), let form = DemoForm(body, contentType: type) else {
            throw .early("failed to parse multipart form: request Content-Type isn't multipart/form-data")
        }
        guard let name = form["model"], !name.isEmpty else { throw .early("model is required") }
        guard form["file"] != nil else { throw .early("file is required") }
        let installed = try find(name)
        try require("audio", of: installed, for: "audio", asked: name)
        let text = core.configuration.replyText
        if form["response_format"] == "text" { return send(.ok, type: "text/plain; charset=utf-8", text: text) }
        send(["text": .string(text)], type: "application/json")
    }
}
