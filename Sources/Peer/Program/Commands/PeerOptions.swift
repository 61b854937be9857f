import ArgumentParser
import Foundation
import Outbound

/// The flags of commands that ask a running peer.
struct PeerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The peer to ask; default this machine's, http://127.0.0.1:11435.", valueName: "url"))
    var url: String?

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
        let client = OutboundClient()
        defer { client.close() }
        do {
            var request = OutboundRequest(url: base + path)
            request.maximumBytes = 32 << 20
            let response = try await client.send(request)
            guard response.status == 200 || response.status == 503 else {
                Terminal.complain("\(base)\(path) answered with status \(response.status): is that a herd-peer?")
                throw ExitCode.failure
            }
            return Data(response.body)
        } catch let error as OutboundError {
            Terminal.complain("No peer answers at \(base): \(error). Start one with 'herd-peer serve', or name one with --url.")
            throw ExitCode.failure
        }
    }
}
