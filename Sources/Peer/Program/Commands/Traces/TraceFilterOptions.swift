import ArgumentParser
import Foundation

/// Which traces are meant.
struct TraceFilterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only those of a model.", valueName: "model"))
    var model: String?

    @Option(help: ArgumentHelp("Only those that a node served.", valueName: "node"))
    var node: String?

    @Option(help: ArgumentHelp("Only those that ended so: completed, failed, retried, rejected, …", valueName: "status"))
    var status: String?

    /// As it stands behind `&` in a URL.
    var query: String {
        [("model", model), ("node", node), ("status", status)].compactMap { name, value in
            value.map { "&\(name)=\(Self.escaped($0))" }
        }.joined()
    }

    /// A value as a URL's query takes it: all but letters, digits and `-._~` escaped (RFC 3986 §2.3).
    static func escaped(_ text: String) -> String {
        let open = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        return text.addingPercentEncoding(withAllowedCharacters: open) ?? ""
    }
}
