public import FastLane
public import Foundation
public import Gossip
public import NIOCore

/// Everything that the routes tell about a peer or ask of it. The program fills it; tests fill it with values in memory.
public struct PeerFacts: Sendable {
    /// This program's version.
    public var version: String
    /// When this process started.
    public var startedAt: Date
    /// Whether a caller on the mesh port is a peer of this fleet, by its token and the pin of its certificate (nil without TLS).
    public var admitsLink: @Sendable (_ token: String, _ pin: [UInt8]?) -> Bool = { _, _ in false }
    /// What `herd-peer fleet` on this machine shows to change keys; empty: nobody may.
    public var adminToken = ""
    /// The latest view.
    public var view: @Sendable () -> FleetView = {
        FleetView(number: 0, selfID: PeerID(short: 0, low: 0), members: [], router: nil)
    }
    /// Names that stand for models, the preferred one first.
    public var aliases: [(name: String, models: [String])] = []
    /// The boot clock.
    public var now: @Sendable () -> Instant = { .zero }
    /// The mesh beyond the view: seeds, discovery, refused datagrams.
    public var mesh: @Sendable () async -> MeshFigures = { MeshFigures() }
    /// What runs and ran on this peer.
    public var work: @Sendable () -> WorkFacts = { WorkFacts() }
    /// The fleet's queues.
    public var queue = QueueFacts()
    /// What waits and runs at this peer, JSON: for other peers.
    public var queueShare: @Sendable () -> [UInt8] = { [] }
    /// Answers that are given again; nil where none are kept.
    public var cache: AnswerCache?
    /// Another peer's question where a model shall be loaded, answered; nil for what is no question.
    public var claimLoad: @Sendable (_ body: [UInt8]) -> [UInt8]? = { _ in nil }
    /// Draining.
    public var drain = DrainFacts()
    /// This peer's shard, and the way to the others'.
    public var shards = ShardFacts()
    /// What a benchmark needs.
    public var benchmarks = BenchmarkFacts()
    /// Models that nodes keep in memory.
    public var pins = PinFacts()
    /// Where the fleet's health is read.
    public var health = HealthSources()
    /// Who was router, as this peer saw it, oldest first.
    public var routers: @Sendable () -> [RouterTerm] = { [] }
    /// Ranks all machines for a request without sending it; throws in words for what is none.
    public var explain: @Sendable (_ body: ByteBuffer, _ path: String) throws -> Explanation = { _, _ in throw NotServed() }
    /// The peer takes nothing new and waits for what runs.
    public var isStopping: @Sendable () -> Bool = { false }
    /// What keeps the peer from being ready; empty when it is.
    public var obstacles: @Sendable () -> [Obstacle] = { [] }
    /// Warnings that people should see: an open fleet, a shard that was moved aside.
    public var warnings: @Sendable () -> [String] = { [] }
    /// Asks a node that has the model for its details.
    public var show: @Sendable (_ model: String, _ body: ByteBuffer) async -> ShowOutcome = { _, _ in .unknownModel }
    /// Asks this machine's own engine for a model's details: the mesh port's half of `show`.
    public var showHere: @Sendable (_ model: String, _ body: ByteBuffer) async -> ShowOutcome = { _, _ in .unknownModel }
    /// Deletes or copies a model wherever it is.
    public var changeModels: @Sendable (ModelOrder) async -> ModelOrderOutcome = { _ in .unknownModel }
    /// The same in this machine's own Ollama: the mesh port's half.
    public var changeModelsHere: @Sendable (ModelOrder) async -> ModelOrderResult = { _ in .failed("\(NotServed())") }
    /// Asks for or puts a file that a model will be made of, on the machine that will make it.
    public var blobs: @Sendable (BlobOrder, BlobBody?) async -> BlobOutcome = { _, _ in .noMachine }
    /// The same in this machine's own Ollama: the mesh port's half.
    public var blobsHere: @Sendable (BlobOrder, BlobBody?) async -> BlobOutcome = { _, _ in .noMachine }
    /// Pulls a model onto one node.
    public var pullModel: @Sendable (_ node: String, _ model: String) async -> NodePull = { _, _ in .unknownNode(known: []) }
    /// A question about pulls of models, from another peer; nil for a body that is none.
    public var pulls: @Sendable (_ body: [UInt8]) async -> [UInt8]? = { _ in nil }
    /// One half of a push/pull with another peer; throws for a body that is none.
    public var sync: @Sendable (_ body: [UInt8], _ remote: SocketAddress?) async throws -> [UInt8] = { _, _ in [] }
    /// A first contact, sealed; throws for a body that is none. `pin` is of the caller's certificate.
    public var hello: @Sendable (_ body: [UInt8], _ pin: [UInt8]?, _ remote: SocketAddress?) async throws -> [UInt8] = {
        _, _, _ in
        throw NotServed()
    }
    /// Keys that another peer passes on; throws for a body that is none.
    public var keys: @Sendable (_ body: [UInt8], _ pin: [UInt8]?, _ remote: SocketAddress?) async throws -> [UInt8] = { _, _, _ in
        throw NotServed()
    }
    /// A rotation or the shutting out of a peer, ordered on this machine.
    public var changeKeys: @Sendable (KeyOrder) async -> KeyOrderReply = { _ in
        KeyOrderReply(accepted: false, message: "\(NotServed())")
    }
    /// The fleet's client keys, and what each has used at this peer.
    public var clientKeys: @Sendable () -> ClientKeyList = { ClientKeyList() }
    /// Makes, revokes or removes client keys, ordered on this machine.
    public var changeClientKeys: @Sendable (ClientKeyOrder) async -> ClientKeyReply = { _ in
        ClientKeyReply(accepted: false, message: "this peer keeps no settings")
    }
    /// Takes in datagrams that could not come by UDP, and gives back what answers them; throws for a body that is none.
    public var datagrams: @Sendable (_ body: [UInt8], _ remote: SocketAddress?) async throws -> [UInt8] = { _, _ in [] }
    /// Takes in a command of settings, as router; throws for a body that is none and for a fence that does not hold.
    public var settingsCommand: @Sendable (_ body: [UInt8]) async throws -> [UInt8] = { _ in [] }
    /// The fleet's settings.
    public var settings: @Sendable () -> SettingsFacts = { SettingsFacts() }
    /// Writes settings, in their order: by the router, or with `isLocal` by this peer alone. Nil gives one back to each peer's own.
    public var writeSettings: @Sendable (_ writes: [(key: String, value: String?)], _ isLocal: Bool) async -> SettingsOutcome = {
        _, _ in .refused("this peer keeps no settings")
    }
    /// The facts of `GET /herd/v1/mesh`, JSON.
    public var introduction: @Sendable () async -> [UInt8] = { [] }

    /// Facts of a peer that has nothing yet.
    public init(version: String, startedAt: Date) {
        self.version = version
        self.startedAt = startedAt
    }

    /// What a part that is not there says.
    struct NotServed: Error, CustomStringConvertible {
        var description: String { "this is an open fleet: it has no keys" }
    }
}
