import Foundation
import Hummingbird
import NIOCore

/// The small bodies that NOMYO Router's routes take; a field may also stand in the query.
struct NomyoRequest: Decodable {
    /// Larger ones are refused.
    static let maximumBytes = 64 << 10

    var model: String?
    var days: Int?
    var trim_old: Bool?

    /// Why a body is none.
    struct Problem: Error {
        let text: String
    }

    static func read(_ request: Request) async throws(Problem) -> NomyoRequest {
        guard let body = try? await request.body.collect(upTo: maximumBytes) else {
            throw Problem(text: "a body has at most \(maximumBytes) bytes here")
        }
        var asked = NomyoRequest()
        if body.readableBytes > 0 {
            do {
                asked = try JSONDecoder().decode(NomyoRequest.self, from: Data(body.readableBytesView))
            } catch {
                throw Problem(text: "Invalid JSON: the body is no object with the fields of this route")
            }
        }
        if asked.model == nil { asked.model = request.uri.queryParameters.get("model") }
        return asked
    }

    private init() {}
}
