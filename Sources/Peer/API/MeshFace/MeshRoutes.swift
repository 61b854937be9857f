import HTTPTypes
import Hummingbird
import NIOCore

/// What peers ask of each other on the mesh port besides forwarded requests.
struct MeshRoutes {
    let facts: PeerFacts

    /// The largest push/pull that is read.
    static let maximumSyncBytes = 2 << 20

    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        addIntroduction(to: router, table: &table)

        table.add("/herd/v1/sync", [.post])
        router.post("/herd/v1/sync") { request, context in
            guard isPeer(request) else { return try stranger() }
            guard let body = try? await request.body.collect(upTo: Self.maximumSyncBytes) else {
                return try Reply.json(
                    ["error": "a push/pull has at most \(Self.maximumSyncBytes) bytes"], status: .contentTooLarge)
            }
            do {
                let answer = try await facts.sync(Array(body.readableBytesView), context.remoteAddress)
                return Reply.bytes(ByteBuffer(bytes: answer), type: "application/json", status: .ok)
            } catch {
                return try Reply.json(["error": "\(error)"], status: .badRequest)
            }
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

    /// Also on the client port: `--router-url` may name that one.
    func addIntroduction(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/herd/v1/mesh", [.get, .head])
        router.get("/herd/v1/mesh") { _, _ in
            Reply.bytes(ByteBuffer(bytes: await facts.introduction()), type: "application/json", status: .ok)
        }
    }

    private func isPeer(_ request: Request) -> Bool {
        guard let name = HTTPField.Name("X-Herd-Fleet"), let shown = request.headers[name] else { return false }
        return Self.equal(Array(shown.utf8), Array(facts.linkToken.utf8))
    }

    private func stranger() throws -> Response {
        try Reply.json(["error": "this port is for peers of this fleet; clients use the client port"], status: .forbidden)
    }

    /// Takes the same time whatever differs, so that a token cannot be guessed byte by byte.
    private static func equal(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
