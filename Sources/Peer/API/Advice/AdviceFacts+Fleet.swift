import Gossip
import Health

extension AdviceFacts {
    /// What the view and the digests tell.
    init(_ view: FleetView, _ digests: [PeerDigest]) {
        self.init()
        nodes = view.members.filter { $0.status == .alive || $0.status == .suspect }.compactMap { member in
            let models = member.models ?? ModelsReport()
            let pulling = Set(models.backends.filter { $0.kind.speaksOllama && $0.reachable }.map(\.id))
            guard !pulling.isEmpty else { return nil }
            let loaded = Set(models.loaded.map { ModelKey.canonical($0.name) })
            var node = Node(
                member.name, memoryGigabytes: Double(member.fixed?.memoryTotalMiB ?? 0) / 1_024,
                models: models.available.filter { pulling.contains($0.backend) }.map { model in
                    let name = ModelKey.canonical(model.name)
                    return .init(
                        name, gigabytes: Double(model.sizeBytes) / 1e9, capabilities: model.capabilities,
                        isLoaded: loaded.contains(name))
                })
            let digest = digests.first { $0.node == member.name }
            node.diskFreeGigabytes = digest?.diskFreeGigabytes
            node.diskTotalGigabytes = digest?.diskTotalGigabytes
            return node
        }
        let traffic = digests.reduce(into: TrafficDigest()) { $0.add($1.traffic) }
        for model in traffic.models {
            let count = traffic.total(.day) { $0.model == model }.requests
            if count > 0 { requests[model] = count }
        }
    }
}
