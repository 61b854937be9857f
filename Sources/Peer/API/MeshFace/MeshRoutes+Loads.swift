import Hummingbird
import NIOCore

extension MeshRoutes {
    /// The longest question about a load that is read.
    static let maximumLoadBytes = 1_024

    /// Another peer is about to have a model loaded.
    func addLoads(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/herd/v1/loads", [.post])
        router.post("/herd/v1/loads") { request, _ in
            guard isPeer(request) else { return try stranger() }
            guard let body = try? await request.body.collect(upTo: Self.maximumLoadBytes) else {
                return try tooLong(Self.maximumLoadBytes)
            }
            guard let answer = facts.claimLoad(Array(body.readableBytesView)) else {
                return try Reply.json(["error": "the body is no question about a load"], status: .badRequest)
            }
            return Reply.bytes(ByteBuffer(bytes: answer), type: "application/json", status: .ok)
        }
    }
}
