import ArgumentParser
import Foundation

/// `herd-peer settings`: shows and changes what the whole fleet shares.
struct SettingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings", abstract: "Shows and changes the settings that the whole fleet shares.",
        discussion: """
            A change holds at every peer within a second and needs no restart. The router writes it; while there is none, this
            peer does, and peers agree when contact comes.

            Examples:
              herd-peer settings get
              herd-peer settings set max_retries 1
              herd-peer settings unset max_retries      every peer's own configuration counts again
            """, subcommands: [Get.self, Set.self, Unset.self], defaultSubcommand: Get.self)

    /// `herd-peer settings get [KEY]`
    struct Get: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Shows the settings in force at a peer.")

        @Argument(help: "One setting; all without it.")
        var key: String?

        @OptionGroup var peer: PeerOptions

        func run() async throws {
            let data = try await peer.fetch("/dashboard/api/settings")
            let reply = try JSONDecoder().decode(SettingsReply.self, from: data)
            let shown = reply.settings.filter { key == nil || $0.key == key }
            guard !shown.isEmpty else {
                Terminal.complain("There is no setting \(key ?? ""); known: \(reply.settings.map(\.key).joined(separator: ", "))")
                throw ExitCode.failure
            }
            Terminal.say(peer.json ? try SettingsReply.json(shown) : SettingsReply.table(shown))
        }
    }

    /// `herd-peer settings set KEY VALUE`
    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Sets a setting for the whole fleet.")

        @Argument(help: "The setting.")
        var key: String

        @Argument(help: "Its value.")
        var value: Int

        @Flag(help: "Write it at the asked peer, without the router.")
        var local = false

        @OptionGroup var peer: PeerOptions

        func run() async throws { try await peer.write(["\(key)": value], local: local) }
    }

    /// `herd-peer settings unset KEY`
    struct Unset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Has every peer's own configuration count again.")

        @Argument(help: "The setting.")
        var key: String

        @Flag(help: "Write it at the asked peer, without the router.")
        var local = false

        @OptionGroup var peer: PeerOptions

        func run() async throws { try await peer.write(["\(key)": nil], local: local) }
    }
}

/// What the command reads of `GET /dashboard/api/settings`.
struct SettingsReply: Decodable {
    struct Entry: Codable {
        let key: String
        let value: Int
        let source: String
        let configured: Int
        let least: Int
        let most: Int
        let meaning: String
        let writer: String?
        let epoch: UInt64?
    }

    let settings: [Entry]

    static func table(_ entries: [Entry]) -> String {
        var table = Table(["SETTING", "VALUE", "FROM", "MEANING"])
        for entry in entries {
            table.add([
                entry.key, String(entry.value), entry.writer.map { "fleet, by \($0)" } ?? entry.source,
                "\(entry.meaning) (\(entry.least) to \(entry.most))",
            ])
        }
        return table.text
    }

    static func json(_ entries: [Entry]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(entries), as: UTF8.self)
    }
}

extension PeerOptions {
    /// Has the peer write settings, and says what came of it.
    func write(_ change: [String: Int?], local: Bool) async throws {
        let data = try await send(
            "/dashboard/api/settings" + (local ? "?scope=local" : ""), body: try JSONEncoder().encode(change))
        guard !json else { return Terminal.say(String(decoding: data, as: UTF8.self)) }
        struct Outcome: Decodable {
            let status: String
            let message: String?
            let scope: String?
        }
        let outcome = try JSONDecoder().decode(Outcome.self, from: data)
        switch (outcome.status, outcome.scope) {
        case ("updated", "fleet"): Terminal.say("Written by the router: it holds for the whole fleet.")
        case ("updated", _):
            Terminal.say("Written by this peer alone. It spreads to the others, and gives way to what a later router writes.")
        default: Terminal.say(outcome.message ?? outcome.status)
        }
    }
}
