import Backends
import Foundation

extension PeerConfiguration {
    /// The engines with their keys, as flags, environment and file name them.
    func backendSpecs() throws(BackendSpecError) -> [BackendSpec] {
        // Somebody who names another engine and no Ollama has none; the usual address is not looked at then. With
        // `--demo-fallback` the fallback decides whether the usual Ollama or the demo engine is used.
        let hosts = !demoFallback && (ollamaGiven || backends.isEmpty) ? [ollamaHost] : []
        return try BackendSpec.openAll(
            BackendSpec.all(ollamaHosts: hosts, backends: backends, slotsPerModel: slotsPerModel), keys: backendKeys,
            environment: keyEnvironment.values)
    }

    /// `{"https://api.example.com/v1":"${EXAMPLE_KEY}"}`, as NOMYO Router's `api_keys`.
    static func backendKeys(_ read: SettingsReader) throws(ConfigurationProblem) -> [String: BackendKeySource] {
        guard let text = read.text(.backendKeys), !text.isEmpty else { return [:] }
        // No text of it is repeated: it may hold keys.
        guard let map = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8)) else {
            throw ConfigurationProblem(
                setting: Setting.backendKeys.displayName,
                reason: "it must be a JSON object of engines' URLs and keys, such as {\"https://host/v1\":\"${NAME}\"}")
        }
        var sources: [String: BackendKeySource] = [:]
        for (url, text) in map {
            guard let source = BackendKeySource(reference: text) ?? BackendKey(text).map(BackendKeySource.written) else {
                throw ConfigurationProblem(
                    setting: Setting.backendKeys.displayName, reason: "a key must be ${NAME} or visible ASCII characters")
            }
            sources[url] = source
        }
        return sources
    }
}
