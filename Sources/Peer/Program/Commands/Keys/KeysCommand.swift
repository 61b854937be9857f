import ArgumentParser

/// `herd-peer keys`: who may use the fleet.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Makes, shows and revokes the keys that clients of the fleet need.",
        discussion: """
            Without a key everybody who reaches a client port may use it. The first key closes the client ports of all peers: from
            then on every request needs one, and a key that was made on one machine works on all. Clients show it as
            `Authorization: Bearer KEY` or `x-api-key: KEY`, browsers on pages and event streams as `?api_key=KEY`.
            Commands on a peer's own machine need none; those about other machines take it from FLEET_API_KEY.

            Examples:
              herd-peer keys add laptop
              herd-peer keys add ci --scope infer --concurrency 4 --tokens-per-day 200000
              OPENAI_API_KEY=$(herd-peer keys add notebook)
              herd-peer keys list
              herd-peer keys revoke laptop
            """,
        subcommands: [KeysAddCommand.self, KeysListCommand.self, KeysRevokeCommand.self, KeysOffCommand.self])
}
