/// Writes server-sent events with a name, as Anthropic's and OpenAI's newer streams have them.
enum SSEWriter {
    /// Appends one event.
    static func write(_ name: String, _ data: JSON, to output: inout [UInt8]) {
        output += "event: \(name)\ndata: ".utf8
        data.write(to: &output)
        output += "\n\n".utf8
    }
}
