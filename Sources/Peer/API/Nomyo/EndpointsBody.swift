import Gossip

/// The answer of `GET /api/config`: the fleet's engines as NOMYO Router tells of its endpoints. Each is named by its node: where
/// an engine listens is its own machine's business.
struct EndpointsBody: Encodable {
    /// One engine.
    struct Endpoint: Encodable {
        let url: String
        let status: String
        let version: String?
        let detail: String?
        let backend: String
    }

    let endpoints: [Endpoint]
    let llama_server_endpoints: [String]
    let require_router_api_key: Bool

    init(view: FleetView, needsKey: Bool) {
        var all: [Endpoint] = []
        var llama: [String] = []
        for member in view.members where member.status != .left {
            for engine in member.models?.backends ?? [] {
                let problem = Self.problem(member, engine)
                all.append(
                    Endpoint(
                        url: member.name, status: problem == nil ? "ok" : "error",
                        version: problem == nil ? engine.version : nil, detail: problem, backend: engine.id))
                if engine.kind == .llamacpp, !llama.contains(member.name) { llama.append(member.name) }
            }
        }
        endpoints = all
        llama_server_endpoints = llama
        require_router_api_key = needsKey
    }

    /// Why an engine cannot be asked; nil while it can.
    static func problem(_ member: MemberView, _ engine: BackendReport) -> String? {
        switch member.status {
        case .alive, .suspect: engine.reachable ? nil : engine.problem ?? "it does not answer"
        case .unreachable: "its node cannot be reached"
        case .asleep: "its node sleeps"
        case .left: "its node left"
        }
    }
}
