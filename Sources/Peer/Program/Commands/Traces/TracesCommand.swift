import API
import ArgumentParser
import Foundation

/// `herd-peer traces`: where requests went and why.
struct TracesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "traces",
        abstract: "Shows the latest requests of the fleet: where they went, how they ended. Or asks all shards in SQL.",
        discussion: """
            Examples:
              herd-peer traces --limit 20
              herd-peer traces --follow --model llama3.2       new ones as their requests end, until Ctrl-C
              herd-peer traces --node attic --status failed
              herd-peer traces --json | jq '.traces[] | select(.status == "failed")'
              herd-peer traces --sql "SELECT request_id, latency_ms FROM request_traces WHERE latency_ms > 30000"
              herd-peer traces --sql "SELECT model, count(*) AS n FROM request_traces GROUP BY model" \
                  --merge "SELECT model, sum(n) AS n FROM rows GROUP BY model ORDER BY n DESC"

            A query runs on every peer's own latency.db, for reading only, at most 5 s and 10,000 rows each. The rows of all come
            back together, with the node's name before them (column shard). Groups, sums and limits therefore hold per shard;
            --merge is a second query over the rows of all shards, which are the table `rows`. Shards that did not answer are
            named.
            """)

    @OptionGroup var peer: PeerOptions

    @Option(help: ArgumentHelp("How many, 1 to 1000; default 50, and 10 before those that --follow shows.", valueName: "number"))
    var limit: Int?

    @Flag(help: "Show new ones as they come, of all peers; with --json a line each.")
    var follow = false

    @OptionGroup var filter: TraceFilterOptions

    @Option(help: ArgumentHelp("A query for every shard: SELECT, WITH or VALUES.", valueName: "query"))
    var sql: String?

    @Option(help: ArgumentHelp("A query over the rows of all shards, which are the table `rows`.", valueName: "query"))
    var merge: String?

    @Flag(help: "Print the rows of --sql as comma-separated values.")
    var csv = false

    func validate() throws {
        guard sql != nil || (merge == nil && !csv) else { throw ValidationError("--merge and --csv go with --sql") }
        guard sql == nil || (!follow && filter.query.isEmpty) else {
            throw ValidationError("--sql has its own WHERE; --follow, --model, --node and --status go without it")
        }
        guard (1...1_000).contains(limit ?? 1) else { throw ValidationError("--limit is a number from 1 to 1000") }
    }

    func run() async throws {
        if let sql { return try await SQLShow(peer: peer, asCSV: csv).run(sql, merge: merge) }
        if follow { return try await TraceFollow(peer: peer, filter: filter.query, limit: limit ?? 10).run() }
        let data = try await peer.fetch("/dashboard/api/traces?limit=\(limit ?? 50)\(filter.query)")
        guard !peer.json else {
            Terminal.say(String(decoding: data, as: UTF8.self))
            return
        }
        let rows = try JSONDecoder().decode(TracePage.self, from: data).traces
        guard !rows.isEmpty else {
            Terminal.say(filter.query.isEmpty ? "No request has come in yet." : "No trace is like that.")
            return
        }
        Terminal.say(Self.table(rows).fitted(.current))
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
}
