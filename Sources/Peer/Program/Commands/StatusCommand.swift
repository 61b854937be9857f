import ArgumentParser
import Foundation

/// `herd-peer status`: the fleet as a table.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Shows all nodes of the fleet.",
        discussion: """
            Examples:
              herd-peer status
              herd-peer status --url http://10.0.0.7:11435 --json
            """)

    @OptionGroup var peer: PeerOptions

    func run() async throws {
        let data = try await peer.fetch("/fleet/status")
        Terminal.say(peer.json ? String(decoding: data, as: UTF8.self) : try FleetTables(data).status)
    }
}
