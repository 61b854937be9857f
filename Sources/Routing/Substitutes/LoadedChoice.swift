import Gossip

/// A model that some machine has in memory, as a possible substitute.
struct LoadedChoice: Sendable {
    var key: ModelKey
    var name: String
    var category: ModelCategory
    /// The smallest that any machine lists, bytes.
    var bytes: Double

    /// Those of all machines, in the order of their names.
    static func all(_ listed: [[ListedModel]]) -> [LoadedChoice] {
        var all: [LoadedChoice] = []
        for model in listed.joined() where model.loaded && model.abilities.areKnown && model.backend.isOutside != true {
            if let at = all.firstIndex(where: { $0.key == model.key }) {
                if model.reportedBytes > 0 { all[at].bytes = min(all[at].bytes, model.reportedBytes) }
            } else if all.count < limit {
                let name = ModelKey.canonical(model.name)
                all.append(
                    LoadedChoice(
                        key: model.key, name: name, category: ModelCategory(name),
                        bytes: model.reportedBytes > 0 ? model.reportedBytes : ModelSize.unknownBytes))
            }
        }
        return all.sorted { $0.name < $1.name }
    }

    /// So many are looked at.
    static let limit = 128
}
