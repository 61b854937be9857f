import Crypto
import Foundation
import Gossip

/// All models of the fleet, merged by canonical name: what model lists show.
struct ModelCatalog {
    /// One model of the fleet.
    struct Entry {
        /// The name as the first engine lists it.
        var name: String
        /// What that engine says of it.
        var model: AvailableModel
        /// What that engine is.
        var kind: BackendKind
        /// Nodes that have it, by display name, sorted.
        var nodes: [String]
        /// Some node has it in memory.
        var loaded: Bool
        /// Some engine answers Ollama's native routes for it.
        var speaksOllama: Bool
        /// Some Ollama has it in memory.
        var loadedInOllama: Bool
        /// It is a name for other models of the list.
        var isAlias = false
    }

    /// Loaded models first, then by name.
    let entries: [Entry]

    /// The catalogue of a view: reachable machines with reachable engines.
    ///
    /// An alias is listed as the first of its models that the fleet has, under its own name, with the nodes of all of them.
    init(view: FleetView, aliases: [(name: String, models: [String])] = []) {
        var byName: [String: Entry] = [:]
        for member in view.members where member.status == .alive || member.status == .suspect {
            guard let models = member.models else { continue }
            for model in models.available {
                guard let backend = models.backends.first(where: { $0.id == model.backend && $0.reachable }) else { continue }
                let key = ModelKey.canonical(model.name)
                let loaded = models.loaded.contains { ModelKey.canonical($0.name) == key && $0.backend == backend.id }
                var entry =
                    byName[key]
                    ?? Entry(
                        name: model.name, model: model, kind: backend.kind, nodes: [], loaded: false, speaksOllama: false,
                        loadedInOllama: false)
                if !entry.nodes.contains(member.name) { entry.nodes.append(member.name) }
                if entry.model.digest.isEmpty && !model.digest.isEmpty { entry.model = model }
                entry.loaded = entry.loaded || loaded || !backend.kind.speaksOllama
                entry.speaksOllama = entry.speaksOllama || backend.kind.speaksOllama
                entry.loadedInOllama = entry.loadedInOllama || (loaded && backend.kind.speaksOllama)
                byName[key] = entry
            }
        }
        let real = byName
        for alias in aliases.prefix(1_024) where real[ModelKey.canonical(alias.name)] == nil {
            let found = alias.models.compactMap { real[ModelKey.canonical($0)] }
            guard var entry = found.first else { continue }
            entry.name = alias.name
            entry.nodes = Set(found.flatMap(\.nodes)).sorted()
            entry.isAlias = true
            byName[ModelKey.canonical(alias.name)] = entry
        }
        entries = byName.values.map { entry in
            var entry = entry
            entry.nodes.sort()
            return entry
        }.sorted { ($0.loaded ? 0 : 1, $0.name) < ($1.loaded ? 0 : 1, $1.name) }
    }

    /// The entry of a name, written with or without tag, in any case.
    func entry(named name: String) -> Entry? {
        let key = ModelKey.canonical(name)
        return entries.first { ModelKey.canonical($0.name) == key }
    }

    /// A digest for engines that have none: the same everywhere, so that clients can compare.
    static func stableDigest(of name: String) -> String {
        SHA256.hash(data: Data("ollama-herd:\(name)".utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}

extension PeerFacts {
    /// What model lists show now.
    var catalog: ModelCatalog { ModelCatalog(view: view(), aliases: aliases) }
}
