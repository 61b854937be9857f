import API
import ArgumentParser
import Foundation

/// Gives an order about keys to the local peer and shows what comes of it, until it is done or the time is over.
struct KeyChangeShow {
    let options: FleetOptions
    let seconds: Int

    func run(_ order: KeyOrder) async throws {
        let peer = LocalPeer(try options.settings())
        let before = try await peer.status().flatMap { RotationView($0.mesh).active }
        let reply = try await peer.order(order)
        guard reply.accepted else {
            if options.json { try FleetOptions.print(Result(reply: reply, view: nil, finished: false)) }
            Terminal.complain(reply.message)
            if !reply.out_of_sight.isEmpty { Terminal.complain("Out of sight: " + reply.out_of_sight.joined(separator: ", ")) }
            throw ExitCode.failure
        }
        if !options.json {
            Terminal.say(reply.message)
            if !reply.out_of_sight.isEmpty { Terminal.say("Out of sight: " + reply.out_of_sight.joined(separator: ", ")) }
        }
        let (view, finished) = try await follow(peer, before: before)
        if options.json { return try FleetOptions.print(Result(reply: reply, view: view, finished: finished)) }
        Terminal.say(
            finished
                ? "Done: every machine in sight has the new key and uses it."
                : "It goes on without this command; `herd-peer fleet status` shows how far it is.")
    }

    private func follow(_ peer: LocalPeer, before: UInt16?) async throws -> (RotationView?, finished: Bool) {
        let end = ContinuousClock.now + .seconds(seconds)
        var last: RotationView?
        while ContinuousClock.now < end {
            if let reply = try await peer.status() {
                let view = RotationView(reply.mesh)
                if view != last, !options.json { Terminal.say(view.words) }
                last = view
                if view.isOver(since: before) { return (view, true) }
            }
            try await Task.sleep(for: .milliseconds(500))
        }
        return (last, false)
    }

    private struct Result: Encodable {
        let reply: KeyOrderReply
        let view: RotationView?
        let finished: Bool
    }
}
