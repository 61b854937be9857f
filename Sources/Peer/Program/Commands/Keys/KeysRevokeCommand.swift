import API
import ArgumentParser

/// `herd-peer keys revoke`: a key counts no more.
struct KeysRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Has a key refused at every peer; answers that run already go to their end.",
        discussion: """
            The client ports stay closed when the last key is revoked; `herd-peer keys off` opens them.

            Examples:
              herd-peer keys revoke laptop
              herd-peer keys revoke 51c6a1f0
            """)

    @Argument(help: ArgumentHelp("The key, by its name or id in `herd-peer keys list`.", valueName: "key"))
    var key: String

    @OptionGroup var options: FleetOptions

    func run() async throws {
        try options.show(try await LocalPeer(try options.settings()).order(.revoke(key)))
    }
}
