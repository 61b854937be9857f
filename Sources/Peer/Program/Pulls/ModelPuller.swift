import FastLane
import Foundation
import Gossip
import Logging
import Routing

/// Sees to it that a model which requests ask for, and no machine has, is pulled once in the whole fleet.
///
/// The peer of the client asks the desk (`FleetView.pullDesk`), the desk chooses a machine and asks that one, the machine asks its
/// Ollama. Each of the three has every model at most once under way. Questions wait ten seconds at most and are asked again, so
/// the desk may move to another peer; the new desk asks all machines first whether one pulls the model already.
struct ModelPuller: Sendable {
    let view: @Sendable () -> FleetView
    /// Asks another machine's mesh port.
    let askPeer: @Sendable (_ peer: PeerID, _ path: String, _ body: [UInt8]) async throws -> (status: Int, body: [UInt8])
    /// Pulls of this machine's own Ollama.
    let machine: PullFlights
    let logger: Logger
    /// Pulls that this peer decides on, while it is the desk.
    private let desk: PullFlights

    /// Machines that one pull tries.
    static let maximumTries = 2
    /// Questions to one peer that may fail in a row, a second apart.
    static let patience = 15

    init(
        view: @escaping @Sendable () -> FleetView, machine: PullFlights, logger: Logger,
        askPeer:
            @escaping @Sendable (_ peer: PeerID, _ path: String, _ body: [UInt8]) async throws -> (status: Int, body: [UInt8])
    ) {
        self.view = view
        self.askPeer = askPeer
        self.machine = machine
        self.logger = logger
        let placing = Placing(view: view, machine: machine, logger: logger, askPeer: askPeer)
        desk = PullFlights { model, progress in await placing.run(model, progress) }
    }

    /// For a request at this peer: waits until the model is there, or cannot be, or `limit` is over.
    func fetch(_ model: String, limit: Duration) async -> AutoPull.Outcome {
        let clock = ContinuousClock()
        let end = clock.now + limit
        var last = PullReport(.pulling)
        var misses = 0
        while clock.now < end, misses < Self.patience {
            switch await provide(model, wait: end - clock.now) {
            case nil:
                misses += 1
                try? await clock.sleep(for: .seconds(1))
            case let report?:
                misses = 0
                last = report
                switch report.state {
                case .here:
                    return await isShown(model) ? .here : .later("model '\(model)' was pulled just now", retryAfterSeconds: 1)
                case .failed: return .failed(Self.isUnknown(report.reason) ? nil : report.reason)
                case .busy:
                    return .later("model '\(model)' can be pulled later: \(report.reason ?? "")", retryAfterSeconds: 60)
                case .pulling, .unknown: break
                }
            }
        }
        if misses > 0 {
            return .later("model '\(model)' could not be asked for: the fleet has no router now", retryAfterSeconds: 10)
        }
        return .later("model '\(model)' is \(last.words): try again later", retryAfterSeconds: 30)
    }

    /// Another peer's question: `POST /herd/v1/pulls`; nil for a body that is none.
    func answer(_ body: [UInt8]) async -> [UInt8]? {
        guard let order = try? JSONDecoder().decode(PullOrder.self, from: Data(body)), (1...512).contains(order.model.utf8.count)
        else { return nil }
        let report =
            switch order.step {
            case .provide: await desk.ask(order.model, wait: order.wait)
            case .fetch: await machine.ask(order.model, wait: order.wait)
            case .look: await machine.look(order.model)
            }
        return (try? JSONEncoder().encode(report)).map(Array.init)
    }

    private func provide(_ model: String, wait: Duration) async -> PullReport? {
        let view = view()
        let order = PullOrder(.provide, model: model, wait: wait)
        if view.pullDesk == view.selfID { return await desk.ask(model, wait: order.wait) }
        return await Self.ask(view.pullDesk, order, askPeer)
    }

    /// The view shows the model soon after a machine has it.
    private func isShown(_ model: String) async -> Bool {
        for _ in 0..<200 {
            if view().hasInOllama(model) { return true }
            try? await Task.sleep(for: .milliseconds(50))
        }
        return false
    }

    /// The registry does not have it, in Ollama's words.
    private static func isUnknown(_ reason: String?) -> Bool {
        guard let reason else { return false }
        return reason.contains("file does not exist") || reason.contains("invalid model name")
    }

    /// One question to another peer; nil when it could not be asked.
    static func ask(
        _ peer: PeerID, _ order: PullOrder,
        _ askPeer: @Sendable (_ peer: PeerID, _ path: String, _ body: [UInt8]) async throws -> (status: Int, body: [UInt8])
    ) async -> PullReport? {
        guard let body = try? JSONEncoder().encode(order), let answer = try? await askPeer(peer, PullOrder.path, Array(body)),
            answer.status == 200
        else { return nil }
        return try? JSONDecoder().decode(PullReport.self, from: Data(answer.body))
    }
}
