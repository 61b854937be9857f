import ArgumentParser
import Foundation

/// `herd-peer status`: the fleet as a table.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Shows all nodes of the fleet, once or all the time.",
        discussion: """
            --watch shows machines, models in memory, what runs and waits, and the health of the fleet, anew every 2 s. Into a file
            or a pipe it writes one picture after the other; with --json one line each.

            Examples:
              herd-peer status
              herd-peer status --watch
              herd-peer status --url http://10.0.0.7:11435 --json
            """)

    @Flag(help: "Show it again every 2 s; Ctrl-C ends.")
    var watch = false

    @OptionGroup var peer: PeerOptions

    func run() async throws {
        if watch { return try await StatusWatch(peer: peer).run() }
        let data = try await peer.fetch("/fleet/status")
        Terminal.say(peer.json ? String(decoding: data, as: UTF8.self) : try FleetTables(data, screen: .current).status)
    }
}
