import API
import ArgumentParser
import Foundation

/// `herd-peer keys list`: the keys of the fleet, without the keys.
struct KeysListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Shows the fleet's client keys, and what each has used at this machine's peer.",
        discussion: """
            Examples:
              herd-peer keys list
              herd-peer keys list --json | jq -r '.keys[] | select(.revoked == null) | .name'
            """)

    @OptionGroup var options: FleetOptions

    func run() async throws {
        let data = try await LocalPeer(try options.settings()).clientKeys()
        guard !options.json else { return Terminal.say(String(decoding: data, as: UTF8.self)) }
        Terminal.say(Self.text(try JSONDecoder().decode(ClientKeyList.self, from: data)))
    }

    /// The list as people read it.
    static func text(_ list: ClientKeyList) -> String {
        var lines: [String] = []
        if list.read_only_management { lines.append("This peer changes nothing for clients (--read-only-management).") }
        guard list.in_force else {
            return
                (lines + ["There are no client keys: everybody who reaches a client port may use it. See `herd-peer keys add`."])
                .joined(separator: "\n")
        }
        var table = Table(["ID", "NAME", "SCOPES", "LIMITS", "MADE", "RUNNING", "REQUESTS", "TOKENS TODAY"])
        for key in list.keys {
            table.add([
                key.id, key.name, key.revoked == nil ? key.scopes.joined(separator: ",") : "revoked \(day(key.revoked))",
                limits(key), day(key.created), "\(key.running)", "\(key.requests)", "\(key.tokens_today)",
            ])
        }
        lines.append(table.text)
        if list.unreadable > 0 {
            lines.append("\(list.unreadable) keys cannot be read by this version of herd-peer and let nobody in here: update it.")
        }
        return lines.joined(separator: "\n")
    }

    private static func limits(_ key: ClientKeyList.Key) -> String {
        let all = [
            key.concurrency.map { "\($0) at once" }, key.requests_per_minute.map { "\($0)/min" },
            key.tokens_per_day.map { "\($0) tokens/day" },
        ].compactMap { $0 }
        return all.isEmpty ? "none" : all.joined(separator: ", ")
    }

    private static func day(_ seconds: Int64?) -> String {
        guard let seconds else { return "" }
        let clock = DateFormatter()
        clock.dateFormat = "yyyy-MM-dd"
        return clock.string(from: Date(timeIntervalSince1970: Double(seconds)))
    }
}
