import Backends
import Foundation
import Testing

@testable import Program

/// NOMYO Router's configuration file, as people have it.
@Suite struct NomyoFileTests {
    private static let usual = """
        # config.yaml
        endpoints:
          - http://192.168.0.50:11434   # a comment
          - "http://192.168.0.51:11434/"
          - http://192.168.0.51:11434/v1
          - http://192.168.0.52:12434/v1
          - https://api.example.com/v1

        llama_server_endpoints:
        - http://192.168.0.53:8889/v1

        max_concurrent_connections: 2
        nomyo-router-api-key: "${NOMYO_KEY}"
        api_keys:
          "http://192.168.0.50:11434": "ollama"
          "https://api.example.com/v1": "${EXAMPLE_KEY}"
          'http://192.168.0.53:8889/v1': 'llama'
          https://gone.example.com/v1: sk-unused
        cache_enabled: false
        """

    @Test func enginesAndKeysAreTakenOver() throws {
        let file = try NomyoFile(PlainYAML(Self.usual))
        #expect(
            file.backends == [
                "llamacpp=http://192.168.0.53:8889/v1,slots=2", "ollama=http://192.168.0.50:11434,slots=2",
                "ollama=http://192.168.0.51:11434/,slots=2", "openai=http://192.168.0.52:12434/v1,slots=2",
                "openai=https://api.example.com/v1,slots=2",
            ])
        #expect(file.keys.count == 3)
        #expect(file.keys["https://api.example.com/v1"] == .variable("EXAMPLE_KEY"))
        #expect(file.warnings.count == 1)
        let specs = try BackendSpec.openAll(
            BackendSpec.all(ollamaHosts: [], backends: file.backends), keys: file.keys,
            environment: ["EXAMPLE_KEY": "sk-example"])
        #expect(specs.map(\.id) == ["llamacpp", "ollama", "ollama-2", "openai", "openai-2"])
        #expect(
            specs.map { $0.access.keyLine?.value } == ["Bearer llama", "Bearer ollama", nil, nil, "Bearer sk-example"])
    }

    @Test func nothingMeansTheUsualOllama() throws {
        let file = try NomyoFile(PlainYAML(""))
        #expect(file.backends == ["ollama=http://localhost:11434"])
        let inline = try NomyoFile(PlainYAML("endpoints: [http://a:1, 'http://b:2']"))
        #expect(inline.backends == ["ollama=http://a:1", "ollama=http://b:2"])
        #expect(try NomyoFile(PlainYAML("endpoints: []\napi_keys: {}")).backends.isEmpty)
    }

    @Test(arguments: [
        ("a: &x 1", 1), ("endpoints:\n\t- http://a", 2), ("a: |\n  text", 1), ("endpoints: x", 1), ("just text", 1),
        ("a: \"open", 1), ("- http://a", 1), ("a: 1\na: 2", 2), ("  b: 1", 1), ("k:\n  a: 1\n  - b", 3),
        ("k:\n  a: 1\n  a: 2", 3),
        ("a: [1, 2", 1), ("a: {b: 1}", 1), ("k:\n  - a\n  b: 1", 3),
    ])
    func whatIsNotReadNamesItsLine(text: String, line: Int) {
        var found: Int?
        do throws(PlainYAML.Problem) {
            _ = try NomyoFile(try PlainYAML(text))
        } catch {
            found = error.line
        }
        #expect(found == line)
    }

    @Test func anOpenFileWithKeysIsWarnedOf() throws {
        let path = NSTemporaryDirectory() + "herd-nomyo-\(UUID().uuidString).yaml"
        try Self.usual.write(toFile: path, atomically: true, encoding: .utf8)
        for (mode, count) in [(0o600, 1), (0o644, 2)] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            let settings = try PeerConfiguration(
                SettingsReader(flags: [:], environment: ["FLEET_NOMYO_CONFIG": path, "EXAMPLE_KEY": "sk-0123456"], file: ""),
                environment: [:])
            #expect(settings.warnings.count == count)
            #expect(try settings.backendSpecs().count == 5)
            #expect(!"\(settings)".contains("sk-0123456"))
        }
        #expect(throws: ConfigurationProblem.self) { try NomyoFile(path: path + ".none") }
    }
}
