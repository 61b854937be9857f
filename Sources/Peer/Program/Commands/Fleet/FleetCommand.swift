import ArgumentParser

/// `herd-peer fleet`: who belongs to the fleet, and the keys that say so.
struct FleetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fleet",
        abstract: "Closes the fleet with a key of its own, lets machines in, changes the key, shuts machines out.",
        discussion: """
            Without a key a fleet is open: anyone on the network can join and read along. Three commands close it:
              herd-peer fleet init                    on one machine: makes the key
              herd-peer fleet token                   there: prints the join token, the fleet's secret
              herd-peer fleet join -                  on every other machine: paste the token
            Restart a peer that was running as an open fleet; new keys of its own fleet it takes over by itself.
            """,
        subcommands: [
            FleetInitCommand.self, FleetTokenCommand.self, FleetJoinCommand.self, FleetRotateCommand.self,
            FleetRevokeCommand.self,
            FleetStatusCommand.self,
        ])
}
