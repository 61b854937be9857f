import Gossip

/// The answer of `GET /dashboard/api/settings`, under ollama-herd's keys as far as those settings exist here.
struct SettingsBody: Encodable {
    struct Config: Encodable {
        let telemetry: Telemetry
        let server: Server
    }

    /// There is none, whatever is asked for.
    struct Telemetry: Encodable {
        let enabled = false
    }

    struct Server: Encodable {
        let facts: SettingsFacts

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(facts.host, forKey: Key("host"))
            try container.encode(facts.port, forKey: Key("port"))
            try container.encode(facts.dataDirectory, forKey: Key("data_dir"))
            for entry in facts.entries { try container.encode(entry.value, forKey: Key(entry.key)) }
        }
    }

    struct Node: Encodable {
        let node_id: String
        let status: String
        let agent_version: String?
        let ip: String?
        let models_loaded_count: Int
        let is_router: Bool
    }

    private struct Key: CodingKey {
        let stringValue: String
        let intValue: Int? = nil

        init(_ name: String) { stringValue = name }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    let router_version: String
    let router_hostname: String?
    let config: Config
    let nodes: [Node]
    let settings: [SettingsFacts.Entry]
    let unknown_settings: [String: String]

    init(facts: PeerFacts) {
        let view = facts.view()
        let found = facts.settings()
        router_version = facts.version
        router_hostname = view.router.flatMap { view.member($0.id)?.name }
        config = Config(telemetry: Telemetry(), server: Server(facts: found))
        nodes = view.members.filter { $0.status != .left }.map { member in
            Node(
                node_id: member.name, status: NodeStatus.word(member.status), agent_version: member.fixed?.version,
                ip: member.endpoint.map { "\($0.address)" }, models_loaded_count: member.models?.loaded.count ?? 0,
                is_router: member.id == view.router?.id)
        }
        settings = found.entries
        unknown_settings = found.unknown
    }
}
