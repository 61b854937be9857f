import ArgumentParser
import Foundation
import Outbound

/// `herd-peer delete`: a machine gives a model's disk space back.
struct DeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Deletes a model from one machine, or from all that have it.",
        discussion: """
            Examples:
              herd-peer delete llama3.2 --node attic
              herd-peer delete llama3.2 --all              from every machine in reach
            """)

    @Argument(help: "The model.")
    var model: String

    @Option(help: ArgumentHelp("The machine that shall lose it.", valueName: "node"))
    var node: String?

    @Flag(help: "Delete it from every machine in reach.")
    var all = false

    @OptionGroup var peer: PeerOptions

    func validate() throws {
        guard (node != nil) != all else {
            throw ValidationError("say from where: --node NAME, or --all for every machine; `herd-peer models` shows who has it")
        }
    }

    func run() async throws {
        var order = ["model": model]
        order["node_id"] = node
        var request = OutboundRequest(
            "DELETE", url: peer.base + "/api/delete", headers: [("Content-Type", "application/json")],
            body: Array(try JSONEncoder().encode(order)))
        // Deleting the files of a large model takes its time.
        request.timeout = .seconds(90)
        let response = try await peer.ask(request)
        guard response.status == 200 else { throw peer.refused("/api/delete", response) }
        let nodes = response.header("X-Fleet-Node").map(Terminal.plain) ?? node ?? ""
        guard peer.json else { return Terminal.say("\(Terminal.plain(model)) is deleted from \(nodes).") }
        struct Done: Encodable {
            let model: String
            let nodes: [String]
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let done = Done(model: model, nodes: nodes.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) })
        Terminal.say(String(decoding: try encoder.encode(done), as: UTF8.self))
    }
}
