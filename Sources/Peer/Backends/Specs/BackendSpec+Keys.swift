import Gossip

extension BackendSpec {
    /// The specs with their keys fetched.
    ///
    /// - Parameters:
    ///   - keys: where keys are kept, by the URL of the engine as it may stand in `--backend` (NOMYO Router's `api_keys`). An
    ///     engine that names its key itself has that one.
    ///   - environment: where variables are looked for.
    public static func openAll(
        _ specs: [BackendSpec], keys: [String: BackendKeySource], environment: [String: String]
    ) throws(BackendSpecError) -> [BackendSpec] {
        var byURL: [String: BackendKeySource] = [:]
        for (url, source) in keys.sorted(by: { $0.key < $1.key }) {
            // What is no URL may be a key that stands on the wrong side: it is not repeated.
            guard url.lowercased().hasPrefix("http"), url.firstRange(of: "://") != nil else { throw .keyWithoutURL }
            let plain = try BackendAddress(url, defaultPort: 80).url
            guard specs.contains(where: { $0.address.url == plain }) else { throw .keyWithoutBackend(plain) }
            byURL[plain] = source
        }
        var result: [BackendSpec] = []
        for var spec in specs {
            spec.keySource = spec.keySource ?? byURL[spec.address.url]
            spec.access.key = try spec.keySource?.key(environment: environment)
            result.append(spec)
        }
        return result
    }

    /// The key travels readable for everybody on the way.
    public var showsKeyOpenly: Bool { keySource != nil && !address.isSecure && !address.isLocal }
}
