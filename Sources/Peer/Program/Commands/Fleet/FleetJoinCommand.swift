import ArgumentParser
import Foundation
import Mesh

/// `herd-peer fleet join`: enters a closed fleet.
struct FleetJoinCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join", abstract: "Enters a closed fleet with the token of one of its machines.",
        discussion: """
            A token on the command line stays in the shell's history; with `-` it is read from standard input, and without an
            argument from FLEET_JOIN_TOKEN.

            Examples:
              herd-peer fleet join -
              ssh attic herd-peer fleet token | herd-peer fleet join -
              FLEET_JOIN_TOKEN=… herd-peer fleet join
            """)

    @OptionGroup var options: FleetOptions

    @Argument(help: ArgumentHelp("The token, or - for standard input; default FLEET_JOIN_TOKEN.", valueName: "token"))
    var token: String?

    @Flag(help: "Leave the closed fleet that this machine belongs to; its keys are kept beside.")
    var force = false

    func run() throws {
        let change = try options.withStore { store, settings throws(FleetProblem) in
            try store.join(try text(settings), force: force)
        }
        let name = change.ring.fleetName
        if options.json {
            return try FleetOptions.print(
                Result(
                    fleet: name, tag: change.ring.fleetTagHex, key_ids: change.ring.keyIDs, joined: change.isNew,
                    replaced: change.movedAside))
        }
        guard change.isNew else { return Terminal.say("This machine is in the fleet '\(name)' with this key already.") }
        Terminal.say(
            "This machine belongs to the closed fleet '\(name)'. Restart its peer if one is running as a member of another fleet; "
                + "`herd-peer fleet status` shows who else is in.")
        if let aside = change.movedAside { Terminal.say("The keys from before are in \(aside).") }
    }

    private func text(_ settings: PeerConfiguration) throws(FleetProblem) -> String {
        if token == "-" {
            let input = (try? FileHandle.standardInput.read(upToCount: FleetEntry.byteLimit)) ?? Data()
            return String(decoding: input, as: UTF8.self)
        }
        guard let text = token ?? settings.joinToken else {
            throw .token("No token: give it as an argument, with - on standard input, or in FLEET_JOIN_TOKEN.")
        }
        return text
    }

    private struct Result: Encodable {
        let fleet: String
        let tag: String
        let key_ids: [UInt16]
        let joined: Bool
        let replaced: String?
    }
}
