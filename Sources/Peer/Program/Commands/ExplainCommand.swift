import ArgumentParser
import Foundation

/// `herd-peer explain`: where a request would go now, and why.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Shows where a request would go now and why, without sending it.",
        discussion: """
            Every machine that could serve stands with its signals, the best first; the others with the reason. Of a request that
            was sent, `herd-peer traces --json` tells the same, as it was then.

            Examples:
              herd-peer explain llama3.2
              herd-peer explain llama3.2 --num-ctx 32768 --fallback qwen2.5
              herd-peer explain llama3.2 --path /v1/chat/completions --prompt "Hello"
              herd-peer explain --body request.json        a whole request; - reads standard input
            """)

    @Argument(help: "The model.")
    var model: String?

    @Option(help: ArgumentHelp("The route that it would be sent to.", valueName: "route"))
    var path = "/api/chat"

    @Option(help: "What would be asked; its length counts.")
    var prompt = "Hello"

    @Option(help: ArgumentHelp("The context that would be asked for, tokens.", valueName: "tokens"))
    var numCtx: Int?

    @Option(help: ArgumentHelp("A model that may answer instead; repeatable.", valueName: "model"))
    var fallback: [String] = []

    @Option(help: ArgumentHelp("A file with the whole request, in place of all this; - is standard input.", valueName: "file"))
    var body: String?

    @OptionGroup var peer: PeerOptions

    func validate() throws {
        guard (model != nil) != (body != nil) else { throw ValidationError("name a model, or a request with --body") }
    }

    func run() async throws {
        let data = try await peer.send("/fleet/explain?path=\(TraceFilterOptions.escaped(path))", body: try request())
        if peer.json { return Terminal.say(String(decoding: data, as: UTF8.self)) }
        Terminal.say(try JSONDecoder().decode(ExplainReply.self, from: data).text(.current))
    }

    /// The request that would be sent.
    func request() throws -> Data {
        guard let body else {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(Question(self))
        }
        guard let data = body == "-" ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: body)
        else {
            Terminal.complain("\(body) cannot be read: name a file with the request's JSON, or - for standard input.")
            throw ExitCode.failure
        }
        return data
    }

    private struct Question: Encodable {
        struct Message: Encodable {
            let role = "user"
            let content: String
        }

        let model: String
        var messages: [Message]?
        var prompt: String?
        var input: String?
        var options: [String: Int]?
        var fallback_models: [String]?

        init(_ command: ExplainCommand) {
            model = command.model ?? ""
            // Each route has its own name for what is asked.
            if command.path.contains("chat") || command.path.hasPrefix("/v1/messages") {
                messages = [Message(content: command.prompt)]
            } else if command.path.contains("embed") || command.path == "/v1/responses" {
                input = command.prompt
            } else {
                prompt = command.prompt
            }
            options = command.numCtx.map { ["num_ctx": $0] }
            fallback_models = command.fallback.isEmpty ? nil : command.fallback
        }
    }
}
