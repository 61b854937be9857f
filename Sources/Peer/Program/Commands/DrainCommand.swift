import ArgumentParser
import Foundation

/// `herd-peer drain`: a node finishes what it has and takes nothing new.
struct DrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain", abstract: "Has a node finish what it has and take nothing new.",
        discussion: """
            Its requests under way run to their end; those that wait go to other nodes. Clients may still ask it: it passes their
            requests on. It stays drained, through restarts too, until `herd-peer undrain`.

            Examples:
              herd-peer drain                  this machine's peer
              herd-peer drain attic --wait     another one; comes back when nothing runs there any more
            """)

    @Argument(help: "The node; without it the peer that is asked.")
    var node: String?

    @Flag(help: "Wait until nothing runs there any more.")
    var wait = false

    @Option(help: "How long to wait at most.")
    var seconds = 600

    @OptionGroup var peer: PeerOptions

    func run() async throws {
        let order = try await peer.drain(node, "/fleet/drain")
        if wait { try await waitUntilIdle(order.node_id) }
        if peer.json { return Terminal.say(order.json) }
        Terminal.say("\(order.node_id) takes no new requests\(order.isLocal ? PeerOptions.localDrain : "").")
    }

    private func waitUntilIdle(_ node: String) async throws {
        let end = ContinuousClock.now + .seconds(max(0, seconds))
        var shown = -1
        while true {
            let data = try await peer.fetch("/fleet/drain")
            let reply = try JSONDecoder().decode(DrainList.self, from: data)
            guard let drained = reply.drained.first(where: { $0.node_id == node }) else {
                Terminal.complain("\(node) was undrained meanwhile.")
                throw ExitCode.failure
            }
            let left = drained.in_flight + drained.queued
            if drained.draining, left == 0 { return }
            guard ContinuousClock.now < end else {
                Terminal.complain("\(node) still has \(left) requests after \(seconds) s; it stays drained.")
                throw ExitCode.failure
            }
            if !peer.json, left != shown { Terminal.say("\(node): \(drained.in_flight) run, \(drained.queued) wait") }
            shown = left
            try await Task.sleep(for: .milliseconds(500))
        }
    }
}

/// `herd-peer undrain`: a drained node serves again.
struct UndrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "undrain", abstract: "Has a drained node serve again.")

    @Argument(help: "The node; without it the peer that is asked.")
    var node: String?

    @OptionGroup var peer: PeerOptions

    func run() async throws {
        let order = try await peer.drain(node, "/fleet/undrain")
        if peer.json { return Terminal.say(order.json) }
        Terminal.say("\(order.node_id) serves again\(order.isLocal ? PeerOptions.localDrain : "").")
    }
}

/// What the commands read of `GET /fleet/drain`.
struct DrainList: Decodable {
    struct Drained: Decodable {
        let node_id: String
        let draining: Bool
        let in_flight: Int
        let queued: Int
    }

    let drained: [Drained]
}

/// What the commands read of the answer to an order.
struct DrainReply: Codable {
    let status: String
    let node_id: String
    let scope: String

    var isLocal: Bool { scope != "fleet" }

    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}

extension PeerOptions {
    /// Behind what was done while there was no router.
    static let localDrain = " (written by the asked peer alone, as there is no router now; it spreads when contact comes)"

    /// Orders a drain or its end.
    func drain(_ node: String?, _ path: String) async throws -> DrainReply {
        let body = try JSONEncoder().encode(node.map { ["node_id": $0] } ?? [:])
        return try JSONDecoder().decode(DrainReply.self, from: try await send(path, body: body))
    }
}
