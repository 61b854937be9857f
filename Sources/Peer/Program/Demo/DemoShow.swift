import Foundation
import Outbound

/// Runs a demonstration and tells what happens.
final class DemoShow {
    private let fleet: DemoFleet
    private let quiet: Bool
    private let client = OutboundClient()
    private let begun = Date()
    private(set) var result = DemoResult()

    init(fleet: DemoFleet, quiet: Bool) {
        self.fleet = fleet
        self.quiet = quiet
    }

    deinit { client.close() }

    /// Starts the fleet, sends requests, kills the router, goes on for `secondsAfterKill`, and sums up.
    func run(secondsAfterKill: Int) async throws {
        tell("Starting three peers, each with a demo engine of its own:")
        for machine in fleet.machines {
            tell("  \(machine.name)  http://127.0.0.1:\(machine.apiPort)  has \(machine.model) and herd-demo")
        }
        try fleet.startAll()
        let router = try await watch.router(members: fleet.machines.count, besides: nil)
        tell("They have found each other. Router: \(router.node_id), epoch \(router.epoch).")
        tell("Any peer answers for any model:")
        for round in 0..<6 { await ask(round) }

        tell("Killing the router \(router.node_id) and its engine, as a power cut would:")
        fleet.kill(router.node_id)
        let killed = Date()
        let failover = Task { [watch] in
            let next = try await watch.router(members: 0, besides: router.node_id)
            return (next, Date().timeIntervalSince(killed) * 1_000)
        }
        var round = 6
        while Date().timeIntervalSince(killed) < Double(secondsAfterKill) {
            await ask(round, without: router.node_id)
            round += 1
            try? await Task.sleep(for: .milliseconds(100))
        }
        let (next, took) = try await failover.value
        result.failoverMilliseconds = took
        tell("New router: \(next.node_id), epoch \(next.epoch), \(Terminal.time(milliseconds: took)) after the kill.")
        tell("\(result.requests) requests, \(result.answered) answered, \(result.failed) failed.")
    }

    private var watch: DemoWatch { DemoWatch(client: client, ports: fleet.running.map(\.apiPort)) }

    /// Asks one running peer in turn for a model in turn.
    private func ask(_ round: Int, without dead: String? = nil) async {
        let peers = fleet.running
        let models = ["herd-demo"] + fleet.machines.filter { $0.name != dead }.map(\.model)
        let entry = peers[round % peers.count]
        let model = models[round % models.count]
        let body = #"{"model":"\#(model)","messages":[{"role":"user","content":"Say hello."}],"stream":false}"#
        let started = Date()
        result.requests += 1
        do {
            var request = OutboundRequest(
                "POST", url: "http://127.0.0.1:\(entry.apiPort)/api/chat", headers: [("Content-Type", "application/json")],
                body: Array(body.utf8))
            request.timeout = .seconds(30)
            let response = try await client.send(request)
            let took = Terminal.time(milliseconds: Date().timeIntervalSince(started) * 1_000)
            let node = response.header("X-Fleet-Node") ?? "?"
            if response.status == 200, let reply = try? JSONDecoder().decode(Reply.self, from: Data(response.body)), reply.done {
                result.answered += 1
                result.byNode[node, default: 0] += 1
                tell("  asked \(entry.name) for \(model): \(node) answered in \(took): \"\(reply.message.content.prefix(40))…\"")
            } else {
                result.failed += 1
                tell(
                    "  asked \(entry.name) for \(model): status \(response.status): \(response.text)"
                )
            }
        } catch {
            result.failed += 1
            tell("  asked \(entry.name) for \(model): \(error)")
        }
    }

    private func tell(_ line: String) {
        guard !quiet else { return }
        let seconds = (Date().timeIntervalSince(begun) * 10).rounded() / 10
        Terminal.say("[\(String(repeating: " ", count: max(0, 5 - "\(seconds)".count)))\(seconds) s] \(line)")
    }

    private struct Reply: Decodable {
        struct Message: Decodable { let content: String }
        let message: Message
        let done: Bool
    }
}
