import ArgumentParser
import Mesh

/// `herd-peer fleet init`: makes the key of a closed fleet.
struct FleetInitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Closes the fleet: makes its key on this machine.",
        discussion: """
            The other machines join with the token that `herd-peer fleet token` prints.

            Examples:
              herd-peer fleet init
              herd-peer fleet init --name home --data-dir /var/lib/herd-peer
            """)

    @OptionGroup var options: FleetOptions

    @Option(help: ArgumentHelp("The fleet's name; default that of --fleet or FLEET_NAME, else 'default'.", valueName: "name"))
    var name: String?

    @Flag(help: "Begin a new fleet although this machine has the keys of one; the old file is kept beside.")
    var force = false

    func run() throws {
        let change = try options.withStore { store, settings throws(FleetProblem) in
            try store.create(fleet: name ?? settings.fleetName, force: force)
        }
        let ring = change.ring
        if options.json {
            return try FleetOptions.print(
                Result(fleet: ring.fleetName, tag: ring.fleetTagHex, key_id: ring.keyIDs[0], replaced: change.movedAside))
        }
        Terminal.say("The fleet '\(ring.fleetName)' is closed with the new key \(ring.keyIDs[0]).")
        if let aside = change.movedAside { Terminal.say("The keys from before are in \(aside).") }
        Terminal.say(
            """
            Now let the other machines in:
              1. Here:                    herd-peer fleet token
              2. On each other machine:   herd-peer fleet join -      and paste the token
            A peer that is running already has to be restarted, here and there: until then it is in the open fleet.
            `herd-peer fleet status` shows who is in.
            """)
    }

    private struct Result: Encodable {
        let fleet: String
        let tag: String
        let key_id: UInt16
        let replaced: String?
    }
}
