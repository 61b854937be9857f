import ArgumentParser
import Foundation

/// `herd-peer peers`: the mesh as a table.
struct PeersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peers", abstract: "Shows all peers that this one knows: how they stand, where they are, who found them.",
        discussion: """
            Examples:
              herd-peer peers
              herd-peer peers --json
            """)

    @OptionGroup var peer: PeerOptions

    func run() async throws {
        let data = try await peer.fetch("/fleet/status")
        guard peer.json else {
            Terminal.say(try FleetTables(data, screen: .current).peers)
            return
        }
        guard let whole = try JSONSerialization.jsonObject(with: data) as? [String: Any], let mesh = whole["mesh"] else {
            throw ValidationError("the peer's answer has no mesh in it")
        }
        let text = try JSONSerialization.data(withJSONObject: mesh, options: [.sortedKeys, .withoutEscapingSlashes])
        Terminal.say(String(decoding: text, as: UTF8.self))
    }
}
