import Foundation

/// The body of `POST /dashboard/api/pull` and `POST /dashboard/api/delete`.
struct NodeModelRequest: Decodable {
    var node_id: String
    var model: String

    static let maximumBytes = 16 << 10
    static let form = "the body is {\"node_id\": NODE, \"model\": MODEL}"

    /// It names something.
    var isUsable: Bool { !node_id.isEmpty && (1...512).contains(model.utf8.count) }
}
