import Foundation

/// Where an engine's key is kept. A command line names the place only: what stands in it is for every user of the machine to see.
public enum BackendKeySource: Hashable, Sendable {
    /// An environment variable, or one of the environment file.
    case variable(String)
    /// A file that holds the key alone.
    case file(String)
    /// The key itself, from a place that is not a command line.
    case written(BackendKey)

    /// Reads `${NAME}`: a whole text, nothing around it. Nil for any other text.
    public init?(reference text: String) {
        guard text.hasPrefix("${"), text.hasSuffix("}") else { return nil }
        let name = text.dropFirst(2).dropLast()
        guard Self.isName(name) else { return nil }
        self = .variable(String(name))
    }

    /// A name that an environment variable can have.
    static func isName(_ name: some StringProtocol) -> Bool {
        guard let first = name.utf8.first, !(0x30...0x39).contains(first), name.utf8.count <= 128 else { return false }
        return name.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x5F
        }
    }

    /// Larger files are no keys, bytes.
    private static let fileLimit = 8192

    /// Fetches the key.
    public func key(environment: [String: String]) throws(BackendSpecError) -> BackendKey {
        switch self {
        case .written(let key): return key
        case .variable(let name):
            guard let text = environment[name], !text.isEmpty else { throw .noSuchVariable(name) }
            guard let key = BackendKey(text) else { throw .badKey(place: "the environment variable \(name)") }
            return key
        case .file(let path):
            guard let key = BackendKey(try Self.read(path)) else { throw .badKey(place: "the file \(path)") }
            return key
        }
    }

    /// The text of a file that only its owner and group may read. Who sees the secrets that a container is given, its engine
    /// decides: their modes say nothing.
    private static func read(_ path: String) throws(BackendSpecError) -> String {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw .keyFileUnreadable(path) }
        defer { try? handle.close() }
        var status = stat()
        guard fstat(handle.fileDescriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .keyFileUnreadable(path)
        }
        let isMounted = path.hasPrefix("/run/secrets/") || path.hasPrefix("/var/run/secrets/")
        guard isMounted || status.st_mode & 0o007 == 0 else { throw .keyFileOpen(path) }
        do {
            // Nothing at all for an empty file.
            return String(decoding: try handle.read(upToCount: fileLimit) ?? Data(), as: UTF8.self)
        } catch {
            throw .keyFileUnreadable(path)
        }
    }
}
