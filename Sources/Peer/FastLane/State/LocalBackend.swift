public import Gossip
public import NIOCore

/// An engine of this machine as the fast lane calls it.
public struct LocalBackend: Sendable, Equatable {
    /// Its name on this machine: `BackendReport.id`.
    public var id: String
    /// What it is, which decides whether it answers Ollama's native routes.
    public var kind: BackendKind
    /// Its host as written in `Host` headers.
    public var host: String
    /// Its port.
    public var port: Int
    /// Its address, resolved beforehand: the lane never asks a resolver.
    public var address: SocketAddress
    /// Requests that it runs at once for one model.
    public var slotsPerModel: Int
    /// Its version as it says it; empty while unknown.
    public var version: String
    /// Its models: canonical name (`ModelKey.canonical`) to the engine's own name.
    public var models: [String: String]

    /// An engine.
    public init(
        id: String, kind: BackendKind, host: String, port: Int, address: SocketAddress, slotsPerModel: Int,
        models: [String: String], version: String = ""
    ) {
        self.id = id
        self.kind = kind
        self.host = host
        self.port = port
        self.address = address
        self.slotsPerModel = slotsPerModel
        self.models = models
        self.version = version
    }
}
