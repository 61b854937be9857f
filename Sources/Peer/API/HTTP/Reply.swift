import Foundation
import Hummingbird
import NIOCore

/// Answers in the forms that the dialects use.
enum Reply {
    /// A value as JSON with Content-Length.
    static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, type: String = "application/json; charset=utf-8",
        headers: HTTPFields = [:]
    ) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return bytes(
            ByteBuffer(bytes: try encoder.encode(value)), type: type, status: status, headers: headers)
    }

    /// Plain text.
    static func text(_ text: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> Response {
        // Ollama names a charset in its answers and none in what it says of paths and methods that it does not have.
        bytes(
            ByteBuffer(string: text), type: status == .ok ? "text/plain; charset=utf-8" : "text/plain", status: status,
            headers: headers)
    }

    /// An error in Ollama's form.
    static func ollamaError(_ text: String, status: HTTPResponse.Status) throws -> Response {
        try json(["error": text], status: status)
    }

    /// An error in OpenAI's form.
    static func openAIError(_ text: String, type: String, status: HTTPResponse.Status) throws -> Response {
        try json(OpenAIErrorBody(error: .init(message: text, type: type)), status: status, type: "application/json")
    }

    /// Bytes of a given type.
    static func bytes(_ body: ByteBuffer, type: String, status: HTTPResponse.Status, headers: HTTPFields = [:]) -> Response {
        var fields = headers
        fields[.contentType] = type
        return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: body))
    }
}
