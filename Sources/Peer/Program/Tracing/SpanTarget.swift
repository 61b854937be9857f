/// Where spans are sent: a collector that takes OpenTelemetry's protocol over HTTP, as JSON.
struct SpanTarget: Sendable, Equatable {
    /// The whole URL, `…/v1/traces`.
    let url: String
    /// Header lines for the collector. They may hold keys: never logged.
    let headers: [Header]

    /// One line.
    struct Header: Sendable, Equatable {
        let name: String
        let value: String
    }

    /// Nil without an endpoint: nothing is sent.
    /// - Parameters:
    ///   - endpoint: the base URL, or the whole one.
    ///   - headers: `NAME=VALUE` each.
    init?(endpoint: String?, headers: [String]) throws(ConfigurationProblem) {
        guard let endpoint = endpoint?.trimmingPrefix(while: \.isWhitespace), !endpoint.isEmpty else { return nil }
        let setting = Setting.otlpEndpoint.displayName
        let isHTTP = endpoint.hasPrefix("http://") || endpoint.hasPrefix("https://")
        let isPlain = endpoint.utf8.count <= 2_048 && endpoint.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard isHTTP, isPlain, !endpoint.contains("@"), !endpoint.contains("?"), !endpoint.contains("#") else {
            throw ConfigurationProblem(
                setting: setting,
                reason: "it must be a URL such as http://localhost:4318, without a name, password or query; keys go into "
                    + Setting.otlpHeaders.displayName)
        }
        var base = Substring(endpoint)
        while base.last == "/" { base = base.dropLast() }
        url = base.hasSuffix("/v1/traces") ? String(base) : base + "/v1/traces"
        var lines: [Header] = []
        for header in headers {
            guard let equals = header.firstIndex(of: "="), equals > header.startIndex else {
                // What is wrong with it is not shown: it may be a key.
                throw ConfigurationProblem(
                    setting: Setting.otlpHeaders.displayName, reason: "each must be NAME=VALUE, commas between")
            }
            lines.append(Header(name: String(header[..<equals]), value: String(header[header.index(after: equals)...])))
        }
        self.headers = lines
    }
}
