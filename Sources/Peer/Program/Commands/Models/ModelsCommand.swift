import ArgumentParser
import Foundation

/// `herd-peer models`: which machine has what, and what is in memory.
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Shows which machine has which models, how large they are and which are in memory.",
        discussion: """
            Examples:
              herd-peer models
              herd-peer models --loaded
              herd-peer models --node attic --json
            """)

    @Option(help: ArgumentHelp("Only those of a node.", valueName: "node"))
    var node: String?

    @Flag(help: "Only those in memory.")
    var loaded = false

    @OptionGroup var peer: PeerOptions

    func run() async throws {
        let data = try await peer.fetch("/dashboard/api/model-management")
        let reply = try JSONDecoder().decode(ModelsReply.self, from: data)
        if let node, !reply.nodes.contains(where: { $0.node_id == node }) {
            let known = reply.nodes.map(\.node_id).sorted().joined(separator: ", ")
            Terminal.complain("No machine in reach is named '\(node)'; the fleet has: \(known)")
            throw ExitCode.failure
        }
        if peer.json { return Terminal.say(String(decoding: data, as: UTF8.self)) }
        let table = reply.table(node: node, isLoaded: loaded)
        if table.isEmpty {
            Terminal.say(
                loaded
                    ? "No model is in memory."
                    : "There are no models. Get one: herd-peer pull MODEL" + (node.map { " --node \($0)" } ?? ""))
        } else {
            Terminal.say(table.fitted(.current))
        }
        if !loaded, node == nil { Terminal.say("\n" + reply.machines.joined(separator: "\n")) }
        for note in reply.shards.notes { Terminal.complain(note) }
    }
}
