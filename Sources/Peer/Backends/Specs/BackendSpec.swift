public import Gossip

/// An engine as a user named it: what it is and where it listens.
public struct BackendSpec: Hashable, Sendable {
    /// Its name on this machine, unique there: `ollama`, `ollama-2`, `llamacpp`.
    public var id: String
    /// What it is.
    public var kind: BackendKind
    /// Where it listens.
    public var address: BackendAddress
    /// Requests that it runs at once for one model, if the user said so, 1…1024.
    public var slotsPerModel: Int?
    /// What it takes to be let in. The key is missing until `openAll` fetched it.
    public var access = BackendAccess()
    /// Where its key is kept; nil where none was named.
    public var keySource: BackendKeySource?
    /// Which of its models are offered.
    public var models = ModelChoice()

    /// An engine.
    public init(id: String? = nil, kind: BackendKind, address: BackendAddress, slotsPerModel: Int? = nil) {
        self.id = id ?? kind.rawValue
        self.kind = kind
        self.address = address
        self.slotsPerModel = slotsPerModel
    }

    /// Reads the value of `--backend`: `KIND=URL`, where options may follow (`BackendOptions`).
    public init(argument text: String) throws(BackendSpecError) {
        guard let equals = text.firstIndex(of: "=") else { throw .noKind(String(text.prefix(60))) }
        let word = text[..<equals].lowercased()
        guard let kind = Self.kind(word) else { throw .unknownKind(String(word.prefix(30))) }
        try self.init(kind, text[text.index(after: equals)...])
    }

    private init(_ kind: BackendKind, _ text: Substring) throws(BackendSpecError) {
        let (place, options) = try BackendOptions.split(text)
        var address = try BackendAddress(place, defaultPort: Self.defaultPort(kind))
        // As OpenAI's libraries read a base URL: what comes before `/chat/completions`. Where that ends with `/v1`, it was cut off.
        if kind == .openai, !address.path.isEmpty {
            let written = place.split(whereSeparator: { $0.isWhitespace }).joined().trimmingSuffix("/")
            address.replacesVersion = !written.hasSuffix("/v1")
        }
        if options.certificateFile != nil, !address.isSecure { throw .certificateWithoutTLS }
        self.init(kind: kind, address: address, slotsPerModel: options.slots)
        keySource = options.keySource
        models = options.models
        if let header = options.keyHeader { access.keyHeader = header }
        access.certificateFile = options.certificateFile
    }

    /// Reads the value of `--ollama-host` (and of `OLLAMA_HOST`): a URL, `host:port` or `host`.
    public init(ollamaHost text: String) throws(BackendSpecError) {
        try self.init(.ollama, text[...])
    }

    /// Ollama where it listens unless told otherwise: `http://127.0.0.1:11434`.
    public static let usualOllama = BackendSpec(kind: .ollama, address: BackendAddress(host: "127.0.0.1", port: 11434))

    /// All engines of a command line with unique names, in order: the second Ollama is `ollama-2`. Each address may stand there
    /// once.
    public static func all(ollamaHosts: [String], backends: [String]) throws(BackendSpecError) -> [BackendSpec] {
        var specs: [BackendSpec] = []
        for host in ollamaHosts { specs.append(try BackendSpec(ollamaHost: host)) }
        for backend in BackendOptions.joined(backends) { specs.append(try BackendSpec(argument: backend)) }
        return try numbered(specs)
    }

    /// The specs with unique names, in order.
    static func numbered(_ specs: [BackendSpec]) throws(BackendSpecError) -> [BackendSpec] {
        var counts: [BackendKind: Int] = [:]
        var addresses: Set<String> = []
        var result: [BackendSpec] = []
        for var spec in specs {
            let place = (spec.address.isLocal ? "local:\(spec.address.port)" : spec.address.authority) + spec.address.path
            guard addresses.insert(place).inserted else { throw .twice(spec.address.url) }
            let count = counts[spec.kind, default: 0] + 1
            counts[spec.kind] = count
            spec.id = count == 1 ? spec.kind.rawValue : "\(spec.kind.rawValue)-\(count)"
            result.append(spec)
        }
        return result
    }

    /// The port on which an engine listens unless told otherwise.
    public static func defaultPort(_ kind: BackendKind) -> Int {
        switch kind {
        case .ollama: 11434
        case .llamacpp: 8080
        case .vllm, .openai: 8000
        case .lmstudio: 1234
        }
    }

    private static func kind(_ word: String) -> BackendKind? {
        switch word {
        case "llama.cpp", "llama-server", "llama-cpp": .llamacpp
        case "lm-studio": .lmstudio
        default: BackendKind(rawValue: word)
        }
    }
}

extension String {
    /// Without any number of `suffix` at its end.
    fileprivate func trimmingSuffix(_ suffix: Character) -> String {
        var rest = self[...]
        while rest.last == suffix { rest.removeLast() }
        return String(rest)
    }
}
