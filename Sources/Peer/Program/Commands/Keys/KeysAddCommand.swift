import API
import Access
import ArgumentParser
import Foundation

/// `herd-peer keys add`: makes a key. Its text is made here and shown once; the fleet gets a digest of it.
struct KeysAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Makes a key for a client and shows it, this once.",
        discussion: """
            Nothing but the key goes to standard output. The fleet keeps a digest of it: a key that was lost cannot be shown again.
            Scopes: infer (ask models), observe (status, traces, metrics), manage (pull and delete models, settings). Lists of
            models take any key. Limits count requests to models, at each peer by itself; a day is one of UTC.

            Examples:
              herd-peer keys add laptop
              herd-peer keys add grafana --scope observe
              herd-peer keys add ci --scope infer --concurrency 4 --tokens-per-day 200000
              ssh attic herd-peer keys add phone --json
            """)

    @Argument(help: ArgumentHelp("Who it is for: letters, digits, dots, dashes, underscores.", valueName: "name"))
    var name: String

    @Option(
        name: .customLong("scope"),
        help: ArgumentHelp(
            "infer, observe or manage; several with commas or repeated. Default infer,observe.", valueName: "scopes")
    )
    var scopes: [String] = []

    @Option(help: ArgumentHelp("Most requests under way at once.", valueName: "number"))
    var concurrency: Int?

    @Option(help: ArgumentHelp("Most requests in a minute.", valueName: "number"))
    var requestsPerMinute: Int?

    @Option(help: ArgumentHelp("Most prompt and answer tokens in a day.", valueName: "number"))
    var tokensPerDay: Int?

    @OptionGroup var options: FleetOptions

    func run() async throws {
        let limits = KeyLimits(concurrency: concurrency, requestsPerMinute: requestsPerMinute, tokensPerDay: tokensPerDay)
        let made: (key: ClientKey, text: String)
        do {
            made = try ClientKey.make(
                name: name, scopes: try Self.scopes(scopes), limits: limits, nowSeconds: Int64(Date().timeIntervalSince1970))
        } catch {
            throw ValidationError("\(error)")
        }
        let reply = try await LocalPeer(try options.settings()).order(.add(made.key))
        guard !options.json else {
            return try FleetOptions.print(Result(made.key, text: made.text, reply: reply))
        }
        Terminal.complain(reply.message)
        for warning in reply.warnings { Terminal.complain("Warning: \(warning)") }
        Terminal.complain("This is the key. It is shown this once; keep it where the client finds it:")
        Terminal.say(made.text)
    }

    /// Reads `--scope`.
    static func scopes(_ words: [String]) throws(ClientKeyProblem) -> Set<Scope> {
        let names = words.flatMap { $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } }
        guard !words.isEmpty else { return [.infer, .observe] }
        let found = names.compactMap(Scope.init)
        guard !found.isEmpty, found.count == names.count else { throw .scopes }
        return Set(found)
    }

    private struct Result: Encodable {
        let id: String
        let name: String
        let key: String
        let scopes: [String]
        let message: String
        let scope: String?
        let warnings: [String]

        init(_ made: ClientKey, text: String, reply: ClientKeyReply) {
            id = made.id
            name = made.name
            key = text
            scopes = made.scopes.map(\.rawValue).sorted()
            message = reply.message
            scope = reply.scope
            warnings = reply.warnings
        }

        private enum CodingKeys: String, CodingKey {
            case id, name, key, scopes, message, warnings
            case scope = "written_by"
        }
    }
}
