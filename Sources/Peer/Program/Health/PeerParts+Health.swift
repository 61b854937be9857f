import API
import Foundation
import Gossip
import Health
import Mesh
import Routing

extension PeerParts {
    /// Where the fleet's health is read.
    func health() -> HealthSources {
        var sources = HealthSources()
        let own = DigestKeeper { [self] in await digest() }
        sources.own = { await own.digest() }
        sources.ask = { [mesh] peer, body, timeout in
            try await mesh.ask(
                peer, path: HealthSources.path, body: body, limit: HealthSources.maximumBytes, timeout: timeout)
        }
        sources.mesh = { [self] in
            var found = MeshHealth()
            watch.fill(&found)
            guard let status = await mesh.status() else { return found }
            found.discovery = MeshHealth.Discovery(rawValue: status.discoveryState) ?? .off
            found.discoveryWords = status.discoverySentence
            found.storageProblem = mesh.storageProblem
            if nodeName != configuration.nodeID { found.nameClash = configuration.nodeID }
            return found
        }
        sources.settings = { [self] in
            var found = HealthSettings()
            found.contextOverrides = Dictionary(
                configuration.rewrites.contexts.map { ($0.model, $0.tokens) }, uniquingKeysWith: { first, _ in first })
            found.mappings = configuration.standIns.written.map { .init(name: $0.name, model: ModelKey.canonical($0.model)) }
            found.routesVendorsNames = configuration.standIns.isAutomatic
            found.usesMDNS = configuration.usesMDNS
            found.pins = Pin.perNode(pins)
            if !configuration.pinnedModels.isEmpty { found.pins[nodeName, default: []] += configuration.pinnedModels }
            return found
        }
        return sources
    }
}

/// Reads a digest at most every two seconds, however many peers ask.
private actor DigestKeeper {
    private let read: @Sendable () async -> PeerDigest
    private var kept: (digest: PeerDigest, at: ContinuousClock.Instant)?
    private var reading: Task<PeerDigest, Never>?

    init(_ read: @escaping @Sendable () async -> PeerDigest) { self.read = read }

    func digest() async -> PeerDigest {
        if let kept, ContinuousClock.now - kept.at < .seconds(2) {
            var digest = kept.digest
            digest.wallClock = Date().timeIntervalSince1970
            return digest
        }
        if let reading { return await reading.value }
        let task = Task { [read] in await read() }
        reading = task
        let digest = await task.value
        kept = (digest, .now)
        reading = nil
        return digest
    }
}
