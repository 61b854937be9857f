import Hummingbird
import NIOCore

extension MeshRoutes {
    /// First contact and the passing on of keys.
    func addKeys(to router: Router<PeerContext>, table: inout RouteTable) {
        // Needs no token: the body is sealed with the fleet's key, and nobody else can write one.
        table.add("/herd/v1/hello", [.post])
        router.post("/herd/v1/hello") { request, context in
            let pin = Self.pin(request)
            return try await sealed(request, context) { body, remote in try await facts.hello(body, pin, remote) }
        }

        table.add("/herd/v1/keys", [.post])
        router.post("/herd/v1/keys") { request, context in
            guard isPeer(request) else { return try stranger() }
            let pin = Self.pin(request)
            return try await sealed(request, context) { body, remote in try await facts.keys(body, pin, remote) }
        }
    }

    /// What cannot be opened is answered like any stranger, without a reason.
    private func sealed(
        _ request: Request, _ context: PeerContext,
        _ handle: @Sendable (_ body: [UInt8], _ remote: SocketAddress?) async throws -> [UInt8]
    ) async throws -> Response {
        guard let body = try? await request.body.collect(upTo: Self.maximumSealedBytes) else {
            return try tooLong(Self.maximumSealedBytes)
        }
        guard let answer = try? await handle(Array(body.readableBytesView), context.remoteAddress) else { return try stranger() }
        return Reply.bytes(ByteBuffer(bytes: answer), type: "application/octet-stream", status: .ok)
    }
}
