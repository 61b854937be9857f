import Foundation
import Hummingbird

/// The fleet's settings, in ollama-herd's form: any peer shows them and takes changes, which the router writes.
struct SettingsRoutes {
    let facts: PeerFacts

    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/dashboard/api/settings", [.get, .head, .post])
        router.get("/dashboard/api/settings") { _, _ in try Reply.json(SettingsBody(facts: facts)) }
        router.post("/dashboard/api/settings") { request, _ in
            guard let body = try? await request.body.collect(upTo: SettingsChange.maximumBytes) else {
                return try refusal("settings take at most \(SettingsChange.maximumBytes) bytes", status: .contentTooLarge)
            }
            let scope = request.uri.queryParameters.get("scope") ?? "fleet"
            guard scope == "fleet" || scope == "local" else {
                return try refusal("scope is fleet or local", status: .badRequest)
            }
            return try await change(Data(body.readableBytesView), isLocal: scope == "local")
        }
    }

    private func change(_ body: Data, isLocal: Bool) async throws -> Response {
        let change: SettingsChange
        do throws(SettingsChange.Problem) {
            change = try SettingsChange(body, known: facts.settings().entries)
        } catch {
            return try refusal(error.description, status: .badRequest)
        }
        guard !change.writes.isEmpty else {
            return try Reply.json(NoChange(message: "no setting that has an effect here was given", ignored: change.ignored))
        }
        let outcome = await facts.writeSettings(change.writes.map { ($0.key, $0.value.map(String.init)) }, isLocal)
        if case .refused(let why) = outcome { return try refusal(why, status: .serviceUnavailable) }
        return try Reply.json(Updated(change, scope: outcome == .fleet ? "fleet" : "local"))
    }

    private func refusal(_ message: String, status: HTTPResponse.Status) throws -> Response {
        try Reply.json(["status": "error", "message": message], status: status)
    }

    private struct NoChange: Encodable {
        let status = "no_change"
        let message: String
        let ignored: [String]
    }

    private struct Updated: Encodable {
        let status = "updated"
        let updated: [String: Int?]
        let not_persisted: [String] = []
        let restart_required: [String] = []
        let ignored: [String]
        /// `fleet`: the router wrote it. `local`: this peer did.
        let scope: String

        init(_ change: SettingsChange, scope: String) {
            updated = Dictionary(change.writes.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
            ignored = change.ignored
            self.scope = scope
        }
    }
}
