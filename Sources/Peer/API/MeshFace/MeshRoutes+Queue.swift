import Hummingbird
import NIOCore

extension MeshRoutes {
    /// Another peer asks what waits and runs here, for its `/fleet/queue`.
    func addQueue(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/herd/v1/queue", [.post])
        router.post("/herd/v1/queue") { request, _ in
            guard isPeer(request) else { return try stranger() }
            return Reply.bytes(ByteBuffer(bytes: facts.queueShare()), type: "application/json", status: .ok)
        }
    }
}
