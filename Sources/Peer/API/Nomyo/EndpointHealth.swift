import Gossip

/// What `GET /health` tells of each engine, by its node; where a node has several, of all of them.
struct EndpointHealth: Encodable {
    let status: String
    let version: String?
    let detail: String?

    static func all(_ view: FleetView) -> [String: EndpointHealth] {
        var all: [String: EndpointHealth] = [:]
        for member in view.members where member.status != .left {
            let engines = member.models?.backends ?? []
            let problems = engines.compactMap { engine in
                EndpointsBody.problem(member, engine).map { engines.count > 1 ? "\(engine.id): \($0)" : $0 }
            }
            guard let first = engines.first else { continue }
            all[member.name] = EndpointHealth(
                status: problems.isEmpty ? "ok" : "error", version: problems.isEmpty ? first.version : nil,
                detail: problems.isEmpty ? nil : problems.joined(separator: "; "))
        }
        return all
    }
}
