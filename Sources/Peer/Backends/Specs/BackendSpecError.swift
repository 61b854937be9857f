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
    /// The URL starts with something else than `http://` or `https://`.
    case unknownScheme(String)
    /// What follows the host is no plain path. It is not repeated: it may hold a key.
    case badPath
    /// The URL has a name or password in it. They are not repeated.
    case holdsPassword
    /// Two entries name the same address.
    case twice(String)
    /// The number of requests at once is not 1…1024.
    case badSlots(String)
    /// `key=` with something else than `${NAME}`. It is not repeated.
    case writtenKey
    /// `key-env=` with something that is no name. It is not repeated.
    case badVariable
    /// The variable that should hold a key is not set.
    case noSuchVariable(String)
    /// What should be a key cannot be one.
    case badKey(place: String)
    /// The file with a key cannot be read.
    case keyFileUnreadable(String)
    /// Every user of the machine may read the file with a key, or change it.
    case keyFileOpen(String)
    /// `key-header=` with something that is no header.
    case badKeyHeader
    /// `models=` without a name.
    case badModels
    /// `ca=` with a file that holds no certificate.
    case badCertificateFile(String)
    /// `ca=` for an address that is not `https`.
    case certificateWithoutTLS
    /// A key for an address that no engine has.
    case keyWithoutBackend(String)
    /// A key for something that is no URL. It is not repeated.
    case keyWithoutURL
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
        case .unknownScheme(let text):
            "Addresses that start with '\(text)://' are not supported. Write http://host:port or https://host."
        case .badPath:
            "What follows the host in the address is no plain path. Write https://host/path, without a query; a key goes into "
                + "key-env=NAME or key-file=PATH."
        case .holdsPassword:
            "The address has a name or password in it. Leave them out: http://host:port; a key goes into key-env=NAME or "
                + "key-file=PATH."
        case .twice(let url): "\(url) is given twice. Name each engine once."
        case .badSlots(let text): "'\(text)' is no number of requests at once. Write a number from 1 to 1024."
        case .writtenKey:
            "A key must not stand on a command line or in a list of engines, where others can read it. Put it into an environment "
                + "variable or a file, and write key-env=NAME or key-file=PATH."
        case .badVariable:
            "What follows key-env= is no name of an environment variable. If it is the key itself: others may have seen it."
        case .noSuchVariable(let name): "The environment variable \(name), which should hold a key, is not set."
        case .badKey(let place): "\(place) holds no key: one line of visible ASCII characters."
        case .keyFileUnreadable(let path): "The key file '\(path)' cannot be read."
        case .keyFileOpen(let path): "Every user of this machine can read the key file \(path). Close it: chmod 600 \(path)."
        case .badKeyHeader: "What follows key-header= is no name of a header. Write one such as x-api-key."
        case .badModels: "models= wants names with | between, where * stands for any text: models=gpt-4o*|o3."
        case .badCertificateFile(let path):
            "The file '\(path)' of ca= holds no certificate. It must be readable and hold PEM text (-----BEGIN CERTIFICATE-----)."
        case .certificateWithoutTLS: "ca= is for https addresses. Write https://, or leave it out."
        case .keyWithoutURL: "Keys are given by the URL of their engine: {\"https://host/v1\": \"${NAME}\"}."
        case .keyWithoutBackend(let url):
            "There is a key for \(url), but no engine of that address. Write the address as in --backend."
        }
    }

    private static let kinds = "ollama, llamacpp, vllm, lmstudio, openai"
}
