import FoundationEssentials
import Outbound

/// Recognises a herd-peer that was given as an engine: requests would go round in circles (mesh protocol §8.3).
enum PeerCheck {
    /// The names of which a peer's answer to `GET /herd/v1/mesh` has at least two.
    private static let names: Set<String> = [
        "peer", "peer_id", "id", "node_id", "fleet", "fleet_tag", "mesh_port", "port", "protocol", "version",
    ]

    /// The keys of a JSON object.
    private struct Keys: Decodable {
        var names: Set<String>
        init(from decoder: any Decoder) throws {
            names = Set(try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue))
        }
    }

    /// Throws when a herd-peer answers there, or when nothing does.
    static func refusePeer(with caller: EngineCaller) async throws(BackendProblem) {
        let answer = try await caller.get("/herd/v1/mesh")
        // Some engines answer 200 to everything, with an error in the body.
        guard let keys = answer.decoded(Keys.self)?.names, !keys.contains("error"), keys.intersection(names).count >= 2 else {
            return
        }
        throw BackendProblem(
            .peer,
            "\(caller.address.url) is a herd-peer, not an engine: requests would go round in circles. "
                + "Name the engine behind it, or leave it out: peers find each other.")
    }
}
