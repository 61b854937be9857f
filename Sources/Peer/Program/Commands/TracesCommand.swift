import API
import ArgumentParser
import Foundation

/// `herd-peer traces`: where requests went and why.
struct TracesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "traces", abstract: "Shows the latest requests that came in at this peer: where they went, how they ended.",
        discussion: """
            Examples:
              herd-peer traces --limit 20
              herd-peer traces --json | jq '.traces[] | select(.status == "failed")'
            """)

    @OptionGroup var peer: PeerOptions

    @Option(help: ArgumentHelp("How many, 1 to 1000.", valueName: "number"))
    var limit = 50

    func validate() throws {
        guard (1...1_000).contains(limit) else { throw ValidationError("--limit is a number from 1 to 1000") }
    }

    func run() async throws {
        let data = try await peer.fetch("/dashboard/api/traces?limit=\(limit)")
        guard !peer.json else {
            Terminal.say(String(decoding: data, as: UTF8.self))
            return
        }
        let rows = try JSONDecoder().decode(Traces.self, from: data).traces
        guard !rows.isEmpty else {
            Terminal.say("No request has come in at this peer yet.")
            return
        }
        Terminal.say(Self.table(rows).text)
    }

    static func table(_ rows: [TraceBody.Trace]) -> Table {
        var table = Table(["TIME", "MODEL", "NODE", "STATUS", "FIRST TOKEN", "TOTAL", "TOKENS", "TRIES", "ERROR"])
        let clock = DateFormatter()
        clock.dateFormat = "HH:mm:ss"
        for row in rows {
            table.add([
                clock.string(from: Date(timeIntervalSince1970: row.timestamp)), row.model,
                row.node_id.isEmpty ? "-" : row.node_id,
                row.status, row.time_to_first_token_ms.map(Terminal.time) ?? "-", row.latency_ms.map(Terminal.time) ?? "-",
                row.completion_tokens.map(String.init) ?? "-", String(row.retry_count + 1), row.error_message ?? "",
            ])
        }
        return table
    }

    private struct Traces: Decodable {
        let traces: [TraceBody.Trace]
    }
}
