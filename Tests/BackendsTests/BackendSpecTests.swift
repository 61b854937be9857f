import Backends
import Testing

@Suite struct BackendSpecTests {
    private func failure(_ make: () throws(BackendSpecError) -> Void) -> BackendSpecError? {
        do throws(BackendSpecError) {
            try make()
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        ("http://127.0.0.1:11434", "127.0.0.1", 11434), ("http://Box.local:1", "box.local", 1), ("box", "box", 11434),
        ("box:8080", "box", 8080), ("http://box", "box", 80), ("HTTP://box/", "box", 80), ("0.0.0.0", "127.0.0.1", 11434),
        ("http://0.0.0.0:4000/", "127.0.0.1", 4000), ("[::]:4000", "::1", 4000), ("http://[fd00::5]:65535", "fd00::5", 65535),
        ("[::1]", "::1", 11434), ("  http://box:80/v1/ ", "box", 80), ("http://box:80/api", "box", 80),
        ("my_box-2.lan", "my_box-2.lan", 11434),
    ])
    func addresses(_ text: String, _ host: String, _ port: Int) throws {
        let address = try BackendAddress(text, defaultPort: 11434)
        #expect(address == BackendAddress(host: host, port: port))
        #expect(try BackendAddress(address.url, defaultPort: 1) == address)
    }

    @Test func wrongAddresses() {
        func why(_ text: String) -> BackendSpecError? {
            failure { () throws(BackendSpecError) in _ = try BackendAddress(text, defaultPort: 1) }
        }
        #expect(why("") == .badHost(""))
        #expect(why("http://") == .badHost(""))
        #expect(why("http://:80") == .badHost(":80"))
        #expect(why("ftp://box") == .unknownScheme("ftp"))
        #expect(why("http://box:0") == .badPort("0"))
        #expect(why("http://box:65536") == .badPort("65536"))
        #expect(why("http://box:") == .badPort(""))
        #expect(why("http://box:+80") == .badPort("+80"))
        #expect(why("http://box:8x") == .badPort("8x"))
        #expect(why("a:b:c") == .badHost("a:b:c"))
        #expect(why("[::1") == .badHost("[::1"))
        #expect(why("[::1]x") == .badHost("[::1]x"))
        #expect(why("[box]:1") == .badHost("[box]:1"))
        #expect(why("bo x") == .badHost("bo x"))
        for path in ["?x=1", "/v1?key=1", "/a b", "/a#b", "/a/../b", "//a", "/" + String(repeating: "a", count: 256)] {
            #expect(why("https://box" + path) == .badPath)
        }
        let secret = why("http://me:hunter2@box")
        #expect(secret == .holdsPassword)
        #expect(secret?.description.contains("hunter2") == false)
    }

    @Test(arguments: [
        ("https://box", "https://box", "/v1/models", "box"), ("HTTPS://Box:443/", "https://box", "/v1/models", "box"),
        ("https://box:8443/v1", "https://box:8443", "/v1/models", "box:8443"),
        ("https://box/openai/v1/", "https://box/openai", "/openai/v1/models", "box"),
        ("https://box/v1beta/openai", "https://box/v1beta/openai", "/v1beta/openai/models", "box"),
        ("http://box/ollama", "http://box:80/ollama", "/ollama/models", "box:80"),
        ("https://[fd00::5]", "https://[fd00::5]", "/v1/models", "[fd00::5]"),
    ])
    func pathsOfOpenAIEngines(_ text: String, _ url: String, _ models: String, _ authority: String) throws {
        let spec = try BackendSpec(argument: "openai=" + text)
        #expect(spec.address.url == url)
        #expect(spec.address.target(for: "/v1/models") == models)
        #expect(spec.address.authority == authority)
        #expect(spec.address.isSecure == text.lowercased().hasPrefix("https"))
    }

    @Test func pathsOfOtherEngines() throws {
        let address = try BackendSpec(argument: "ollama=https://box/ollama").address
        #expect(address.url(for: "/api/tags") == "https://box/ollama/api/tags")
        #expect(address.url(for: "/v1/models") == "https://box/ollama/v1/models")
        #expect(try BackendSpec(ollamaHost: "https://box/api").address.url(for: "/api/tags") == "https://box/api/tags")
    }

    @Test func kindsOfTheCommandLine() throws {
        let specs = try BackendSpec.all(
            ollamaHosts: ["http://127.0.0.1:11434", "box:11434"],
            backends: [
                "llamacpp=http://127.0.0.1:8080,slots=4", "OLLAMA=box2", "llama.cpp=box3", "vllm=box4", "lmstudio=box5",
                "openai=http://box6:9000/v1",
            ])
        #expect(specs.map(\.id) == ["ollama", "ollama-2", "llamacpp", "ollama-3", "llamacpp-2", "vllm", "lmstudio", "openai"])
        #expect(specs.map(\.address.port) == [11434, 11434, 8080, 11434, 8080, 8000, 1234, 9000])
        #expect(specs.map(\.slotsPerModel) == [nil, nil, 4, nil, nil, nil, nil, nil])
    }

    @Test func wrongArguments() {
        func why(_ text: String) -> BackendSpecError? {
            failure { () throws(BackendSpecError) in _ = try BackendSpec(argument: text) }
        }
        #expect(why("http://box") == .noKind("http://box"))
        #expect(why("tgi=http://box") == .unknownKind("tgi"))
        #expect(why("ollama=") == .badHost(""))
        for slots in ["0", "-1", "1025", "x", ""] { #expect(why("ollama=box,slots=\(slots)") == .badSlots(slots)) }
        #expect(why("tgi=x")?.description == "'tgi' is no kind of engine. Kinds are ollama, llamacpp, vllm, lmstudio, openai.")
    }

    @Test func oneAddressStandsOnce() {
        func why(_ hosts: [String], _ backends: [String]) -> BackendSpecError? {
            failure { () throws(BackendSpecError) in _ = try BackendSpec.all(ollamaHosts: hosts, backends: backends) }
        }
        #expect(why(["box:1", "http://box:1/"], []) == .twice("http://box:1"))
        #expect(why(["localhost:1"], ["llamacpp=127.0.0.1:1"]) == .twice("http://127.0.0.1:1"))
        #expect(why(["box:1", "box:2"], []) == nil)
    }
}
