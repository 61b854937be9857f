/// A request that was let in with a key and is not over yet. `AccessGate.finished` takes it back, once.
public struct AccessPass: Sendable, Hashable {
    /// The key.
    public let keyID: String
    /// Its name, for tags and tables.
    public let keyName: String
    /// It counts against the key's limits: inference does.
    public let isMetered: Bool
}
