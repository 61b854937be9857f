import Outbound

/// Recognises a herd-peer that was given as an engine: requests would go round in circles (mesh protocol §8.3).
enum PeerCheck {
    /// What a peer's answer to `GET /herd/v1/mesh` always has (mesh protocol §6.3).
    private struct Facts: Decodable {
        var peer_id: String
        var mesh_port: Int
    }

    /// Throws when a herd-peer answers there, or when nothing does.
    static func refusePeer(with caller: EngineCaller) async throws(BackendProblem) {
        let answer = try await caller.get("/herd/v1/mesh")
        // The status alone does not tell: some engines answer 200 to everything.
        guard answer.decoded(Facts.self) != nil else { return }
        throw BackendProblem(
            .peer,
            "\(caller.address.url) is a herd-peer, not an engine: requests would go round in circles. "
                + "Name the engine behind it, or leave it out: peers find each other.")
    }
}
