import API
import Access
import Backends
import Discovery
import FastLane
import Foundation
import Gossip
import Logging
import Machine
import Mesh
import NIOPosix
import Outbound
import ServiceLifecycle
import Store

extension HerdPeer {
    /// Makes every part of a peer and opens its ports.
    ///
    /// - Returns: the services in the order of their start. They stop in reverse: the mesh first, so that it says goodbye while
    ///   everything else still works; the traces last.
    static func build(_ settings: PeerConfiguration, logger: Logger) async throws -> [any Service] {
        let seeds = try settings.routerURLs.map { try SeedURL($0) }
        let specs = try settings.backendSpecs()
        for warning in settings.warnings { logger.warning("The configuration needs a look", metadata: ["problem": "\(warning)"]) }
        for spec in specs where spec.showsKeyOpenly {
            logger.warning(
                "The key of an engine travels over plain http: use https where the engine or a proxy before it can",
                metadata: ["backend.id": "\(spec.id)", "backend.url": "\(spec.address.url)"])
        }
        try FleetEntry.enter(settings, logger: logger)
        let mesh = try makeMesh(settings, seeds: seeds, logger: logger)
        let shard = try Shard.open(directory: settings.dataDirectory, logger: logger)
        let client = OutboundClient()
        let spans = settings.spanTarget.map {
            SpanExporter(target: $0, node: settings.nodeID, fleet: settings.fleetName, client: client, logger: logger)
        }
        let capture = CaptureWriter(
            node: settings.nodeID, dataDirectory: settings.dataDirectory, settings: settings.capture, logger: logger)
        let adminToken = try AdminToken.make(dataDirectory: settings.dataDirectory)
        let gate = AccessGate(ownerToken: adminToken, readOnlyManagement: settings.readOnlyManagement, awaitsKeys: true)
        let parts = PeerParts(
            configuration: settings, startedAt: Date(), logger: logger, client: client, shard: shard,
            traces: TraceRecorder(shard: shard, spans: spans),
            machine: MachineReader(diskPath: settings.dataDirectory),
            backends: BackendsService(specs: specs, client: client, logger: logger), mesh: mesh,
            lane: LaneState(configuration: laneConfiguration(settings, mesh: mesh, gate: gate, capture: capture)),
            adminToken: adminToken, settings: FleetSettings(settings), gate: gate, watch: HealthWatch(), capture: capture,
            capacity: settings.learnsCapacity ? CapacityKeeper(dataDirectory: settings.dataDirectory, logger: logger) : nil)
        connect(parts)
        await restoreLatencies(parts)
        return try await services(parts)
    }

    private static func makeMesh(_ settings: PeerConfiguration, seeds: [SeedURL], logger: Logger) throws -> MeshService {
        var mesh = MeshConfiguration(dataDirectory: settings.dataDirectory, name: settings.nodeID)
        mesh.fleetName = settings.fleetName
        mesh.meshPort = UInt16(settings.meshPort)
        mesh.seeds = seeds
        mesh.candidacy = Candidacy(priority: UInt8(settings.routerPriority))
        mesh.historyFile = ProcessInfo.processInfo.environment["FLEET_HISTORY_FILE"]
        if settings.isLoopbackOnly {
            // A peer that listens on loopback only is for one machine: its mesh port stays there too.
            mesh.bindAddresses = [.v4(0x7F00_0001)]
            mesh.advertisedAddress = .v4(0x7F00_0001)
        }
        let usesMDNS = settings.usesMDNS
        return try MeshService(configuration: mesh, logger: logger) { announcement in
            if usesMDNS { return AvahiDiscovery(announcement: announcement, log: logger) }
            return NoDiscovery()
        }
    }

    private static func laneConfiguration(
        _ settings: PeerConfiguration, mesh: MeshService, gate: AccessGate, capture: CaptureWriter
    ) -> LaneConfiguration {
        var lane = LaneConfiguration(selfID: mesh.identity.id, nodeName: settings.nodeID, link: LinkAccess(mesh))
        lane.gate = gate
        lane.version = Version.text
        lane.host = settings.host
        lane.port = settings.port
        lane.meshHost = settings.isLoopbackOnly ? "127.0.0.1" : IPv6.isUsable ? "::" : "0.0.0.0"
        lane.meshPort = settings.meshPort
        lane.maximumBodyBytes = settings.maximumBodyBytes
        lane.maxTries = settings.maxTries
        lane.ticketWait = settings.ticketWait
        lane.ticketQueueLimit = settings.ticketLimit
        lane.standIns = settings.standIns
        lane.aliases = settings.aliases
        lane.rewrites = settings.rewrites
        lane.substitution = settings.substitution
        lane.makesSpans = settings.spanTarget != nil
        lane.capture = settings.capture.isOn ? capture : nil
        lane.hold = settings.hold
        if settings.cacheMegabytes > 0 {
            lane.cache = AnswerCache(bytes: settings.cacheMegabytes << 20, life: settings.cacheLife)
        }
        lane.unavailableWait = settings.holdWait
        lane.access.origins += settings.origins
        lane.access.checksHost = settings.isLoopbackOnly
        lane.access.hosts = [PeerConfiguration.hostName()]
        return lane
    }

    /// What one part tells another.
    private static func connect(_ parts: PeerParts) {
        parts.mesh.onView { [lane = parts.lane] view in lane.update(view: view) }
        parts.mesh.onView { [watch = parts.watch] view in watch.see(view) }
        parts.mesh.onView { [routers = parts.routers] view in routers.look(view, at: Date().timeIntervalSince1970) }
        parts.mesh.onSettings { [settings = parts.settings, lane = parts.lane] entries in settings.take(entries, lane: lane) }
        parts.mesh.onSettings { [gate = parts.gate] entries in
            gate.take(entries.compactMap { entry in entry.value.map { (entry.key, $0) } })
        }
        parts.followDrains()
        if parts.mesh.keepsHistory {
            parts.traces.keep(historyIn: parts.mesh)
            parts.lane.setSlotHandler { [mesh = parts.mesh] note in
                mesh.record(
                    note.isTaken
                        ? .admit(request: "\(note.id)", key: note.key, limit: note.limit)
                        : .release(request: "\(note.id)", key: note.key))
            }
        }
        parts.lane.setEvidenceHandler { [mesh = parts.mesh] evidence, peer in mesh.evidence(evidence, of: peer) }
        parts.lane.setBackendTroubleHandler { [backends = parts.backends, watch = parts.watch] id in
            watch.engineFailed()
            backends.trouble(id)
        }
        parts.lane.setModelsChangeHandler { [backends = parts.backends] id in backends.modelsChanged(id) }
    }

    /// What earlier runs learnt of this machine's speed. Other nodes' rows wait for their names to be known.
    private static func restoreLatencies(_ parts: PeerParts) async {
        guard let history = try? await parts.shard.latencyHistory() else { return }
        for pair in history where pair.nodeID == parts.configuration.nodeID {
            for value in pair.latenciesMilliseconds {
                parts.lane.restoreLatency(
                    peer: parts.mesh.identity.id, model: ModelKey(name: pair.modelName), milliseconds: value)
            }
        }
    }

    private static func services(_ parts: PeerParts) async throws -> [any Service] {
        let settings = parts.configuration
        var facts = parts.facts()
        parts.servePulls(&facts)
        parts.serveLoads(&facts)
        let benchmarkPort = OpenPort()
        facts.benchmarks = parts.benchmarks(port: { benchmarkPort.value })
        parts.serveEnsembles(port: { benchmarkPort.value })
        facts.cache = parts.lane.configuration.cache
        let clientAPI = APIService(face: .client, facts: facts, logger: parts.logger)
        let meshAPI = APIService(face: .mesh, facts: facts, logger: parts.logger)
        let server = LaneServer(
            state: parts.lane, group: MultiThreadedEventLoopGroup(numberOfThreads: settings.threads), sink: parts.traces,
            otherLane: clientAPI, meshLane: meshAPI, logger: parts.logger)
        let ports = try await server.start()
        benchmarkPort.value = ports.client
        try await parts.mesh.start()
        await parts.openGate()
        let keys = parts.mesh.fleetKeys
        parts.logger.notice(
            "herd-peer serves",
            metadata: [
                "node.id": "\(settings.nodeID)",
                "url": "http://\(settings.shownHost):\(ports.client)",
                "version": "\(Version.text)",
                "fleet": "\(keys.name)", "fleet.sealed": "\(keys.isOpen ? "no: anyone on the network can join" : "yes")",
                "client.keys": "\(parts.clientKeysInWords)",
            ])
        let reporter = Reporter(
            name: settings.nodeID, version: Version.text, apiPort: { ports.client }, machine: parts.machine,
            backends: parts.backends,
            lane: parts.lane, mesh: parts.mesh, routerPriority: UInt8(settings.routerPriority), capacity: parts.capacity,
            slotsTried: settings.slotsTried, logger: parts.logger)
        var services: [any Service] = [
            parts.traces,
            TraceRetention(
                shard: parts.shard, days: { [own = parts.settings] in own.value(.traceRetentionDays) },
                maximumBytes: Int64(settings.traceMaximumMegabytes) << 20, logger: parts.logger),
            BackendsRunner(backends: parts.backends, client: parts.client), StartupPages(logger: parts.logger),
            SleepRunner(mesh: parts.mesh, logger: parts.logger),
            parts.pinKeeper(), parts.capture,
            ContextLearner(
                adviser: ContextAdviser(parts.facts()), settings: parts.settings, lane: parts.lane, logger: parts.logger),
            HealthService(watch: parts.watch, traces: parts.traces, shard: parts.shard, backends: parts.backends),
            DayReplicator(shard: parts.shard, mesh: parts.mesh, logger: parts.logger),
        ]
        if let capacity = parts.capacity { services.append(capacity) }
        if let spans = parts.traces.spans { services.append(spans) }
        if settings.demoFallback {
            let ollama = try BackendSpec(ollamaHost: settings.ollamaHost)
            services.append(
                DemoFallback(
                    ollama: ollama, backends: parts.backends,
                    finder: BackendFinder(client: parts.client, address: ollama.address),
                    logger: parts.logger))
        }
        return services + [reporter, clientAPI, meshAPI, server, parts.mesh]
    }
}
