import API
import FastLane
import Foundation
import Gossip
import Mesh
import Routing
import Synchronization

/// This peer's part of the fleet's desk for loads: it answers while it is the desk, and asks whoever is.
final class LoadBook: Sendable {
    /// One question, and its answer: a model's key and a peer, in hexadecimal digits.
    struct Claim: Codable {
        var model: String
        var peer: String
    }

    typealias Ask = @Sendable (_ peer: PeerID, _ body: [UInt8]) async throws -> (status: Int, body: [UInt8])

    static let path = "/herd/v1/loads"
    /// How long the desk is waited for: a load takes seconds, and a desk that is away must not take more.
    static let patience = Duration.milliseconds(300)
    /// A desk that did not answer is not asked again for so long.
    static let pause = Duration.seconds(5)

    private struct State {
        var desk = LoadDesk()
        var silent: (desk: PeerID, until: Instant)?
    }

    private let view: @Sendable () -> FleetView
    private let now: @Sendable () -> Instant
    private let ask: Ask
    private let state = Mutex(State())

    init(view: @escaping @Sendable () -> FleetView, now: @escaping @Sendable () -> Instant, ask: @escaping Ask) {
        self.view = view
        self.now = now
        self.ask = ask
    }

    /// For this peer's own requests: where `model` shall be loaded; nil where the desk does not answer.
    func claim(_ model: ModelKey, at peer: PeerID) async -> PeerID? {
        let view = view()
        let desk = view.pullDesk
        if desk == view.selfID { return decide(model, peer, view) }
        let isSilent = state.withLock { state in
            state.silent.map { $0.desk == desk && now() < $0.until } ?? false
        }
        guard !isSilent,
            let body = try? JSONEncoder().encode(Claim(model: String(model.rawValue, radix: 16), peer: peer.hex))
        else { return nil }
        guard let answer = try? await ask(desk, Array(body)), answer.status == 200, let claim = Self.read(answer.body) else {
            state.withLock { $0.silent = (desk, now() + Self.pause) }
            return nil
        }
        return claim.peer
    }

    /// Another peer's question. This peer decides even where it is not the desk in its own eyes: one answer is better than none.
    func answer(_ body: [UInt8]) -> [UInt8]? {
        guard let (model, peer) = Self.read(body) else { return nil }
        let decided = decide(model, peer, view())
        return (try? JSONEncoder().encode(Claim(model: String(model.rawValue, radix: 16), peer: decided.hex))).map(Array.init)
    }

    private func decide(_ model: ModelKey, _ peer: PeerID, _ view: FleetView) -> PeerID {
        state.withLock { state in
            state.desk.claim(model, at: peer, now: now()) { view.member($0)?.status == .alive || $0 == view.selfID }
        }
    }

    private static func read(_ body: [UInt8]) -> (model: ModelKey, peer: PeerID)? {
        guard let claim = try? JSONDecoder().decode(Claim.self, from: Data(body)),
            let model = UInt64(claim.model, radix: 16), let peer = PeerID(hex: claim.peer)
        else { return nil }
        return (ModelKey(rawValue: model), peer)
    }
}

extension PeerParts {
    /// One load for peers that ask in the same instant.
    func serveLoads(_ facts: inout PeerFacts) {
        let clock = SystemMeshClock()
        let book = LoadBook(view: { [lane] in lane.view }, now: { clock.boot() }) { [mesh] peer, body in
            try await mesh.ask(peer, path: LoadBook.path, body: body, limit: 1_024, timeout: LoadBook.patience)
        }
        facts.claimLoad = { book.answer($0) }
        lane.setLoadClaims(LoadClaims { await book.claim($0, at: $1) })
    }
}
