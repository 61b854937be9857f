import Foundation
import NIOCore

/// The body of `POST /api/show`: `model`, or `name` as older clients write.
struct ShowRequest {
    /// Larger bodies are refused.
    static let maximumBytes = 1 << 20

    /// Why a body is none.
    struct Problem: Error {
        let text: String
    }

    let model: String

    init(body: ByteBuffer) throws(Problem) {
        guard body.readableBytes > 0 else { throw Problem(text: "missing request body") }
        let fields: Fields
        do {
            fields = try JSONDecoder().decode(Fields.self, from: Data(body.readableBytesView))
        } catch {
            throw Problem(text: "the body is not a JSON object with a text field 'model'")
        }
        guard let name = [fields.model, fields.name].compactMap({ $0 }).first(where: { !$0.isEmpty }) else {
            throw Problem(text: "model is required")
        }
        model = name
    }

    /// With `:latest` where no tag was written, as Ollama names it in errors.
    var displayName: String {
        let tail = model.split(separator: "/").last ?? ""
        return tail.contains(":") ? model : model + ":latest"
    }

    private struct Fields: Decodable {
        let model: String?
        let name: String?
    }
}
