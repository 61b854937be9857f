import ArgumentParser
import Mesh

/// `herd-peer fleet token`: prints the join token.
struct FleetTokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Prints the join token with which another machine enters the fleet.",
        discussion: """
            The token holds the fleet's key: whoever has it can join and read everything. Nothing but the token goes to standard
            output.

            Examples:
              herd-peer fleet token
              herd-peer fleet token | ssh attic herd-peer fleet join -
            """)

    @OptionGroup var options: FleetOptions

    func run() throws {
        let ring = try options.withStore { store, _ throws(FleetProblem) in try store.ring() }
        let token = ring.joinToken
        Terminal.complain("This token is the secret of the fleet '\(ring.fleetName)': give it to your own machines only.")
        guard options.json else { return Terminal.say(token.text) }
        try FleetOptions.print(Result(fleet: ring.fleetName, tag: ring.fleetTagHex, key_id: token.keyID, token: token.text))
    }

    private struct Result: Encodable {
        let fleet: String
        let tag: String
        let key_id: UInt16
        let token: String
    }
}
