import Foundation
import Gossip
import Routing

extension PeerConfiguration {
    /// A name, or several.
    private struct Names: Decodable {
        var list: [String]

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            list = (try? [value.decode(String.self)]) ?? []
            if list.isEmpty { list = try value.decode([String].self) }
        }
    }

    /// `{"fast":"llama3.2:3b","smart":["qwen3:32b","gpt-4o"]}`
    static func aliases(_ read: SettingsReader) throws(ConfigurationProblem) -> ModelAliases {
        guard let text = read.text(.modelAliases), !text.isEmpty else { return ModelAliases() }
        guard let map = try? JSONDecoder().decode([String: Names].self, from: Data(text.utf8)), map.count <= 1_024 else {
            throw problem("it must be a JSON object of names and models, such as {\"fast\":\"llama3.2\",\"smart\":[\"a\",\"b\"]}")
        }
        var aliases: [ModelAliases.Alias] = []
        for (name, names) in map.sorted(by: { $0.key < $1.key }) {
            guard isName(name) else { throw problem("'\(name)' cannot be a name of a model") }
            guard (1...16).contains(names.list.count), names.list.allSatisfy(isName) else {
                throw problem("'\(name)' must stand for 1 to 16 models")
            }
            // One step: a name that stands for itself, or for another such name, would never be found.
            if let other = names.list.first(where: { model in
                map.keys.contains { ModelKey.canonical($0) == ModelKey.canonical(model) }
            }) {
                throw problem("'\(name)' stands for '\(other)', which is such a name itself: write the models")
            }
            aliases.append(ModelAliases.Alias(name: name, models: names.list))
        }
        return ModelAliases(aliases)
    }

    private static func isName(_ text: String) -> Bool {
        (1...512).contains(text.utf8.count) && !text.utf8.contains { $0 <= 0x20 || $0 == 0x7F }
    }

    private static func problem(_ reason: String) -> ConfigurationProblem {
        ConfigurationProblem(setting: Setting.modelAliases.displayName, reason: reason)
    }
}
