import FastLane
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// What peers ask of each other on the mesh port besides forwarded requests.
struct MeshRoutes {
    let facts: PeerFacts

    /// The largest push/pull that is read.
    static let maximumSyncBytes = 2 << 20
    /// The largest hello and the largest message about keys that is read.
    static let maximumSealedBytes = 64 << 10
    /// The largest body of tunnelled datagrams: 64 of the longest.
    static let maximumDatagramBytes = 64 * 1_202

    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        addIntroduction(to: router, table: &table)
        addKeys(to: router, table: &table)
        addMesh(to: router, table: &table)
        addModels(to: router, table: &table)
        addPulls(to: router, table: &table)
        addLoads(to: router, table: &table)
        addQueue(to: router, table: &table)
        addShard(to: router, table: &table)

        table.add("/herd/v1/sync", [.post])
        router.post("/herd/v1/sync") { request, context in
            guard isPeer(request) else { return try stranger() }
            return try await exchange(request, context, limit: Self.maximumSyncBytes, type: "application/json", facts.sync)
        }

        table.add("/api/show", [.post])
        router.post("/api/show") { request, _ in
            guard isPeer(request) else { return try stranger() }
            guard let body = try? await request.body.collect(upTo: ShowRequest.maximumBytes),
                let asked = try? ShowRequest(body: body)
            else { return try Reply.ollamaError("model is required", status: .badRequest) }
            switch await facts.showHere(asked.model, body) {
            case .answered(let node, let status, let type, let bytes):
                return Reply.bytes(bytes, type: type, status: .init(code: status), headers: [.fleetNode: node])
            case .unknownModel:
                return try Reply.ollamaError("model '\(asked.displayName)' not found", status: .notFound)
            case .failed(let why):
                return try Reply.ollamaError(why, status: .badGateway)
            }
        }
    }

    /// Another peer's client changes models of this machine.
    private func addModels(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/herd/v1/models", [.post])
        router.post("/herd/v1/models") { request, _ in
            guard isPeer(request) else { return try stranger() }
            guard let body = try? await request.body.collect(upTo: ModelOrder.maximumBytes) else {
                return try tooLong(ModelOrder.maximumBytes)
            }
            guard let order = try? JSONDecoder().decode(ModelOrder.self, from: Data(body.readableBytesView)) else {
                return try Reply.json(["error": "the body is no order about models"], status: .badRequest)
            }
            switch await facts.changeModelsHere(order) {
            case .done: return try Reply.json(["status": "success"])
            case .unknownModel: return try Reply.json(["error": "model '\(order.model)' not found"], status: .notFound)
            case .failed(let reason): return try Reply.json(["error": reason], status: .badGateway)
            }
        }
    }

    /// Another peer asks about the pull of a model.
    private func addPulls(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/herd/v1/pulls", [.post])
        router.post("/herd/v1/pulls") { request, _ in
            guard isPeer(request) else { return try stranger() }
            guard let body = try? await request.body.collect(upTo: ModelOrder.maximumBytes) else {
                return try tooLong(ModelOrder.maximumBytes)
            }
            guard let answer = await facts.pulls(Array(body.readableBytesView)) else {
                return try Reply.json(["error": "the body is no question about a pull"], status: .badRequest)
            }
            return Reply.bytes(ByteBuffer(bytes: answer), type: "application/json", status: .ok)
        }
    }

    /// What the mesh itself needs besides push/pull.
    private func addMesh(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/herd/v1/datagrams", [.post])
        router.post("/herd/v1/datagrams") { request, context in
            guard isPeer(request) else { return try stranger() }
            return try await exchange(
                request, context, limit: Self.maximumDatagramBytes, type: "application/octet-stream", facts.datagrams)
        }

        table.add("/herd/v1/settings", [.post])
        router.post("/herd/v1/settings") { request, _ in
            guard isPeer(request) else { return try stranger() }
            guard let body = try? await request.body.collect(upTo: SettingsChange.maximumBytes) else {
                return try tooLong(SettingsChange.maximumBytes)
            }
            do {
                let answer = try await facts.settingsCommand(Array(body.readableBytesView))
                return Reply.bytes(ByteBuffer(bytes: answer), type: "application/json", status: .ok)
            } catch {
                // Not the caller's fault: the fence did not hold, and it asks the right router next.
                return try Reply.json(["error": "\(error)"], status: .conflict)
            }
        }
    }

    /// Also on the client port: `--router-url` may name that one.
    func addIntroduction(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/herd/v1/mesh", [.get, .head])
        router.get("/herd/v1/mesh") { _, _ in
            Reply.bytes(ByteBuffer(bytes: await facts.introduction()), type: "application/json", status: .ok)
        }
    }

    /// Reads a body of at most `limit` bytes and answers with what `handle` makes of it; what it throws is the sender's fault.
    func exchange(
        _ request: Request, _ context: PeerContext, limit: Int, type: String,
        _ handle: @Sendable (_ body: [UInt8], _ remote: SocketAddress?) async throws -> [UInt8]
    ) async throws -> Response {
        guard let body = try? await request.body.collect(upTo: limit) else { return try tooLong(limit) }
        do {
            let answer = try await handle(Array(body.readableBytesView), context.remoteAddress)
            return Reply.bytes(ByteBuffer(bytes: answer), type: type, status: .ok)
        } catch {
            return try Reply.json(["error": "\(error)"], status: .badRequest)
        }
    }

    /// The caller shows this fleet's token, over a connection with the certificate that the token is bound to.
    func isPeer(_ request: Request) -> Bool {
        guard let name = HTTPField.Name("X-Herd-Fleet") else { return false }
        return facts.admitsLink(request.headers[name] ?? "", Self.pin(request))
    }

    func tooLong(_ limit: Int) throws -> Response {
        try Reply.json(["error": "a body has at most \(limit) bytes here"], status: .contentTooLarge)
    }

    func stranger() throws -> Response {
        try Reply.json(["error": LinkAccess.refusal], status: .forbidden)
    }

    /// SPKI SHA-256 of the caller's certificate; nil without TLS. The front handler writes the header and lets nobody else's in.
    static func pin(_ request: Request) -> [UInt8]? {
        guard let name = HTTPField.Name("X-Herd-Link-Pin"), let text = request.headers[name], text.utf8.count == 64 else {
            return nil
        }
        var bytes: [UInt8] = []
        var rest = text[...]
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}
