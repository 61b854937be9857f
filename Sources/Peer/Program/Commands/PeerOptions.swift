import ArgumentParser
import Foundation
import Outbound

/// The flags of commands that ask a running peer.
struct PeerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The peer to ask; default this machine's, http://127.0.0.1:11435.", valueName: "url"))
    var url: String?

    @Option(help: ArgumentHelp("The folder of this machine's peer, where it wants client keys.", valueName: "folder"))
    var dataDir: String?

    @Flag(help: "Print JSON for programs.")
    var json = false

    /// The peer's address without a slash at the end.
    var base: String {
        let port = ProcessInfo.processInfo.environment["FLEET_PORT"] ?? "11435"
        var text = url ?? "http://127.0.0.1:\(port)"
        if !text.contains("://") { text = "http://" + text }
        while text.hasSuffix("/") { text.removeLast() }
        return text
    }

    /// Asks for a path; on failure says in words what to do and ends the program with status 1.
    func fetch(_ path: String) async throws -> Data {
        do throws(PeerProblem) { return try await look(path) } catch {
            Terminal.complain(error.words)
            throw ExitCode.failure
        }
    }
}
