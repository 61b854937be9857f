public import Gossip
public import NIOCore

/// An engine of this machine as the fast lane calls it. Never changes; a reference, so that requests hold it at no cost.
public final class LocalBackend: Sendable, Equatable {
    /// Its name on this machine: `BackendReport.id`.
    public let id: String
    /// What it is, which decides whether it answers Ollama's native routes.
    public let kind: BackendKind
    /// Its host as written in `Host` headers.
    public let host: String
    /// Its port.
    public let port: Int
    /// Its address, resolved beforehand: the lane never asks a resolver.
    public let address: SocketAddress
    /// Requests that it runs at once for one model.
    public let slotsPerModel: Int
    /// Up to so many, where the number is only assumed and the engine shows that it runs more.
    public let slotLimit: Int
    /// Its slots are tried out.
    let isTried: Bool
    /// Its version as it says it; empty while unknown.
    public let version: String
    /// Its models: canonical name (`ModelKey.canonical`) to the engine's own name.
    public let models: [String: String]
    /// How it is reached, where that takes more than its address.
    public let door: BackendDoor?
    /// `Host` of requests to it.
    let authority: String

    /// An engine.
    public init(
        id: String, kind: BackendKind, host: String, port: Int, address: SocketAddress, slotsPerModel: Int,
        models: [String: String], version: String = "", door: BackendDoor? = nil,
        slotLimit: Int? = nil
    ) {
        self.id = id
        self.kind = kind
        self.host = host
        self.port = port
        self.address = address
        self.slotsPerModel = slotsPerModel
        self.slotLimit = max(slotsPerModel, slotLimit ?? slotsPerModel)
        isTried = self.slotLimit > slotsPerModel
        self.models = models
        self.version = version
        self.door = door
        authority =
            door?.authority
            ?? (host.contains(":") && !host.hasPrefix("[") ? "[\(host)]:\(port)" : "\(host):\(port)")
    }

    /// All that is known of them is the same.
    public static func == (a: LocalBackend, b: LocalBackend) -> Bool {
        a === b
            || (a.id == b.id && a.kind == b.kind && a.host == b.host && a.port == b.port && a.address == b.address
                && a.slotsPerModel == b.slotsPerModel && a.slotLimit == b.slotLimit && a.version == b.version
                && a.models == b.models && a.door === b.door)
    }
}
