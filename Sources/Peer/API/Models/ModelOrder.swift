import Foundation

/// A change of the models that machines have on disk: on each machine that has the model, or on one that is named.
public struct ModelOrder: Sendable, Hashable, Codable {
    /// What is to be done.
    public enum Action: String, Sendable, Hashable, Codable {
        /// The model goes away.
        case delete
        /// The model gets a second name.
        case copy
    }

    /// What is to be done.
    public var action: Action
    /// The model: what is deleted, or what is copied.
    public var model: String
    /// The second name of a copy.
    public var destination: String?
    /// The only machine that is meant, by name or id; nil for all that have the model.
    public var node: String?

    /// Larger bodies are refused.
    static let maximumBytes = 64 << 10

    /// An order.
    public init(_ action: Action, model: String, destination: String? = nil, node: String? = nil) {
        self.action = action
        self.model = model
        self.destination = destination
        self.node = node
    }

    /// Why a body is none.
    struct Problem: Error {
        let text: String
    }

    /// What a client wrote; `query` has the same fields where there is no body.
    init(_ action: Action, body: Data, query: [String: String]) throws(Problem) {
        let fields: Fields
        if body.isEmpty {
            fields = Fields(query)
        } else {
            do {
                fields = try JSONDecoder().decode(Fields.self, from: body)
            } catch {
                throw Problem(text: "the body is not a JSON object with text fields")
            }
        }
        func given(_ name: String?) -> String? { name.flatMap { $0.isEmpty ? nil : $0 } }
        switch action {
        case .delete:
            guard let model = given(fields.model) ?? given(fields.name) else { throw Problem(text: "model is required") }
            self.init(.delete, model: model, node: given(fields.node_id))
        case .copy:
            guard let source = given(fields.source), let destination = given(fields.destination) else {
                throw Problem(text: "source and destination are required")
            }
            self.init(.copy, model: source, destination: destination, node: given(fields.node_id))
        }
    }

    private struct Fields: Decodable {
        var model: String?
        var name: String?
        var source: String?
        var destination: String?
        var node_id: String?

        init(_ query: [String: String]) {
            model = query["model"]
            name = query["name"]
            source = query["source"]
            destination = query["destination"]
            node_id = query["node_id"]
        }
    }
}
