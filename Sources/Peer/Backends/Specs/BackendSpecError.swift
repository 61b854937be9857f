/// Why an engine's address as a user wrote it cannot be used.
public enum BackendSpecError: Error, Hashable, Sendable {
    /// There is no `=`.
    case noKind(String)
    /// The word before `=` is no kind of engine.
    case unknownKind(String)
    /// The host is empty or not one.
    case badHost(String)
    /// The port is not 1…65535.
    case badPort(String)
    /// The URL starts with something else than `http://`.
    case unknownScheme(String)
    /// `https`.
    case encrypted
    /// The URL has a path.
    case holdsPath(String)
    /// The URL has a name or password in it. They are not repeated.
    case holdsPassword
    /// Two entries name the same address.
    case twice(String)
    /// The number of requests at once is not 1…1024.
    case badSlots(String)
}

extension BackendSpecError: CustomStringConvertible {
    /// What is wrong and what to write instead.
    public var description: String {
        switch self {
        case .noKind(let text):
            "'\(text)' names no kind of engine. Write KIND=URL, for example ollama=http://127.0.0.1:11434; kinds are \(Self.kinds)."
        case .unknownKind(let word): "'\(word)' is no kind of engine. Kinds are \(Self.kinds)."
        case .badHost(let text): "'\(text)' is no host. Write a name or an IP address, IPv6 in brackets: http://[::1]:11434."
        case .badPort(let text): "'\(text)' is no port. Write a number from 1 to 65535."
        case .unknownScheme(let text): "Addresses that start with '\(text)://' are not supported. Write http://host:port."
        case .encrypted:
            "Engines behind https are not supported yet. Write the engine's own http address, best on the machine that it runs on."
        case .holdsPath(let path): "The address has the path '\(path)'. Leave it out: only http://host:port is used."
        case .holdsPassword: "The address has a name or password in it. Leave them out: http://host:port."
        case .twice(let url): "\(url) is given twice. Name each engine once."
        case .badSlots(let text): "'\(text)' is no number of requests at once. Write a number from 1 to 1024."
        }
    }

    private static let kinds = "ollama, llamacpp, vllm, lmstudio, openai"
}
