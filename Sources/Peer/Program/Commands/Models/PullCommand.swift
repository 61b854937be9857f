import ArgumentParser
import Foundation
import Outbound

/// `herd-peer pull`: a machine fetches a model.
struct PullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Has a machine of the fleet fetch a model, and shows how far it is.",
        discussion: """
            Without --node the machine is chosen that has the model already or the most memory free. Ctrl-C ends the pull; what came
            so far stays there, and the next pull goes on from it.

            Examples:
              herd-peer pull llama3.2
              herd-peer pull qwen2.5-coder:32b --node attic
              herd-peer pull llama3.2 --json               the engine's own lines, for programs
            """)

    @Argument(help: "The model, as Ollama's library names it.")
    var model: String

    @Option(help: ArgumentHelp("The machine that shall have it.", valueName: "node"))
    var node: String?

    @OptionGroup var peer: PeerOptions

    func run() async throws {
        let show = PullShow(peer: peer, model: model, node: node)
        let isStopped = try await StopSignal.isStopped { try await show.run() }
        guard isStopped else { return }
        if Screen.current.isTerminal, !peer.json { Terminal.draw("\u{1B}[?25h\r\u{1B}[K") }
        Terminal.complain("Cancelled. What came so far stays there; the next pull goes on from it.")
        // As shells know a program that Ctrl-C ended.
        throw ExitCode(130)
    }
}
