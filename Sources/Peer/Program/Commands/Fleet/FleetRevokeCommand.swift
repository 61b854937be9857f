import API
import ArgumentParser

/// `herd-peer fleet revoke`: shuts a machine out.
struct FleetRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Shuts a machine out: gives everybody else a new key and drops the old one at once.",
        discussion: """
            For a machine that was lost, sold or broken into. Everybody else in sight gets the new key first. Machines that are
            out of sight must join again with a new token, because the old key is gone.

            Examples:
              herd-peer fleet revoke couch
              herd-peer fleet revoke 51c6a1f0e2d34b98 --force
            """)

    @OptionGroup var options: FleetOptions
    @OptionGroup var order: OrderOptions

    @Argument(help: ArgumentHelp("The machine, by its name or id in `herd-peer peers`.", valueName: "node"))
    var node: String

    func run() async throws {
        try await KeyChangeShow(options: options, seconds: order.wait).run(KeyOrder(revoke: node, force: order.force))
    }
}
