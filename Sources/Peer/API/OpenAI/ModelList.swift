/// The answers of `GET /v1/models` and `GET /v1/models/{id}`.
struct ModelList: Encodable {
    /// One model in OpenAI's form.
    struct Model: Encodable {
        let id: String
        let object = "model"
        let created: Int
        let owned_by: String

        private enum CodingKeys: String, CodingKey { case id, object, created, owned_by }
    }

    let object = "list"
    let data: [Model]

    private enum CodingKeys: String, CodingKey { case object, data }

    /// All models of the fleet by name; `created` is when this peer started, so it does not change between two lists.
    init(catalog: ModelCatalog, created: Int) {
        data = catalog.entries.map { Self.model($0, id: $0.name, created: created) }.sorted { $0.id < $1.id }
    }

    /// One entry under the id that the client wrote.
    static func model(_ entry: ModelCatalog.Entry, id: String, created: Int) -> Model {
        Model(id: id, created: created, owned_by: entry.speaksOllama ? "library" : "herd")
    }
}
