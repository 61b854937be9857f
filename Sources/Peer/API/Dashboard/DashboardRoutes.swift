import Dashboard
import HTTPTypes
import Hummingbird
import NIOCore

/// The dashboard: one page for all tabs, its files, and the live picture. Everything is in the program itself, except Chart.js.
struct DashboardRoutes {
    /// The tabs: the page is the same, its script shows what the address names. `tags` is ollama-herd's other name of `apps`.
    static let tabs = ["trends", "models", "apps", "tags", "benchmarks", "health", "recommendations", "settings", "mesh"]

    let facts: PeerFacts
    var events: FleetEvents
    var charts = ChartLibrary()

    init(facts: PeerFacts) {
        self.facts = facts
        events = FleetEvents(isStopping: facts.isStopping) { LiveFleet.frame(facts: facts, figures: await facts.mesh()) }
    }

    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/dashboard", [.get, .head])
        router.get("/dashboard") { request, _ in page(request) }
        for tab in Self.tabs {
            table.add("/dashboard/" + tab, [.get, .head])
            router.get(RouterPath("/dashboard/" + tab)) { request, _ in page(request) }
        }
        table.add("/dashboard/assets/**", [.get, .head])
        router.get("/dashboard/assets/:name") { request, context in
            let name = context.parameters.get("name") ?? ""
            let file = name == "chart.js" ? charts.script() : DashboardFiles.named(name)
            guard let file else { return Reply.text("404 page not found", status: .notFound) }
            return Self.answer(file, to: request)
        }
        table.add("/dashboard/events", [.get, .head])
        router.get("/dashboard/events") { _, _ in try watch() }
    }

    private func page(_ request: Request) -> Response {
        Self.answer(DashboardFiles.page(wantsKey: facts.clientKeys().in_force), to: request)
    }

    func watch() throws -> Response {
        guard !events.isFull else {
            return try Reply.json(
                ["detail": "\(events.maximumWatchers) pages watch this peer already: close some, or watch another peer"],
                status: .serviceUnavailable, headers: [.retryAfter: "5"])
        }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: events.body)
    }

    /// A file with what keeps a browser to it: nothing from elsewhere, no script in the page, nobody frames it.
    private static func answer(_ file: DashboardFile, to request: Request) -> Response {
        var headers: HTTPFields = [.cacheControl: "no-cache", .eTag: file.entityTag, .xContentTypeOptions: "nosniff"]
        headers[.contentSecurityPolicy] = policy
        for (name, text) in others { if let name = HTTPField.Name(name) { headers[name] = text } }
        if let known = request.headers[.ifNoneMatch],
            known == "*" || known.split(separator: ",").contains(where: { tag($0) == file.entityTag })
        {
            return Response(status: .notModified, headers: headers)
        }
        return Reply.bytes(ByteBuffer(bytes: file.bytes), type: file.type, status: .ok, headers: headers)
    }

    /// One of `If-None-Match`'s tags, compared weakly (RFC 9110 §13.1.2).
    private static func tag(_ text: Substring) -> Substring {
        let tag = text.drop { $0 == " " }.prefix { $0 != " " }
        return tag.hasPrefix("W/") ? tag.dropFirst(2) : tag
    }

    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    private static let others = [
        ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"), ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ]
}
