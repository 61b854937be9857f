import API
import ArgumentParser

/// `herd-peer keys off`: opens the client ports again.
struct KeysOffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "off", abstract: "Removes all client keys: whoever reaches a client port may use it again.",
        discussion: """
            Examples:
              herd-peer keys off --yes
            """)

    @Flag(help: "Yes, open the client ports of the whole fleet.")
    var yes = false

    @OptionGroup var options: FleetOptions

    func run() async throws {
        guard yes else {
            Terminal.complain(
                "This opens the client ports of the whole fleet to everybody who reaches them. To do it, add --yes.")
            throw ExitCode.failure
        }
        try options.show(try await LocalPeer(try options.settings()).order(.off))
    }
}

extension FleetOptions {
    /// Says what became of an order about client keys.
    func show(_ reply: ClientKeyReply) throws {
        if json { return try Self.print(reply) }
        Terminal.say(reply.message)
        for warning in reply.warnings { Terminal.complain("Warning: \(warning)") }
    }
}
