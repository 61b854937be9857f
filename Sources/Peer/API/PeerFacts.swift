public import Foundation
public import Gossip
public import NIOCore

/// Everything that the routes tell about a peer or ask of it. The program fills it; tests fill it with values in memory.
public struct PeerFacts: Sendable {
    /// This program's version.
    public var version: String
    /// When this process started.
    public var startedAt: Date
    /// What peers of this fleet show each other.
    public var linkToken: String
    /// The latest view.
    public var view: @Sendable () -> FleetView = {
        FleetView(number: 0, selfID: PeerID(short: 0, low: 0), members: [], router: nil)
    }
    /// The boot clock.
    public var now: @Sendable () -> Instant = { .zero }
    /// The mesh beyond the view: seeds, discovery, refused datagrams.
    public var mesh: @Sendable () async -> MeshFigures = { MeshFigures() }
    /// What runs and ran on this peer.
    public var work: @Sendable () -> WorkFacts = { WorkFacts() }
    /// The newest traces of this peer's shard.
    public var traces: @Sendable (_ limit: Int) async throws -> [TraceBody.Trace] = { _ in [] }
    /// What keeps the peer from being ready; empty when it is.
    public var obstacles: @Sendable () -> [Obstacle] = { [] }
    /// Warnings that people should see: an open fleet, a shard that was moved aside.
    public var warnings: @Sendable () -> [String] = { [] }
    /// Asks a node that has the model for its details.
    public var show: @Sendable (_ model: String, _ body: ByteBuffer) async -> ShowOutcome = { _, _ in .unknownModel }
    /// Asks this machine's own engine for a model's details: the mesh port's half of `show`.
    public var showHere: @Sendable (_ model: String, _ body: ByteBuffer) async -> ShowOutcome = { _, _ in .unknownModel }
    /// One half of a push/pull with another peer; throws for a body that is none.
    public var sync: @Sendable (_ body: [UInt8], _ remote: SocketAddress?) async throws -> [UInt8] = { _, _ in [] }
    /// The facts of `GET /herd/v1/mesh`, JSON.
    public var introduction: @Sendable () async -> [UInt8] = { [] }

    /// Facts of a peer that has nothing yet.
    public init(version: String, startedAt: Date, linkToken: String) {
        self.version = version
        self.startedAt = startedAt
        self.linkToken = linkToken
    }
}
