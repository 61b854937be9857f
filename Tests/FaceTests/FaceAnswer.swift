import NIOHTTP1

/// What came back on one request.
struct FaceAnswer: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var text: String

    subscript(_ name: String) -> String? { headers.first(name: name) }
}
