import API
import Access
import FastLane
import Foundation
import Gossip
import Machine
import Mesh
import NIOCore
import Routing
import Store

extension PeerParts {
    /// What the routes tell of this peer.
    func facts() -> PeerFacts {
        var facts = PeerFacts(version: Version.text, startedAt: startedAt)
        facts.adminToken = adminToken
        facts.admitsLink = { [mesh, lane] token, pin in
            if mesh.admitsLink(token, pin: pin) { return true }
            lane.noteStranger()
            return false
        }
        facts.aliases = configuration.aliases.all.map { ($0.name, $0.models) }
        let clock = SystemMeshClock()
        facts.view = { [mesh] in mesh.currentView }
        facts.now = { clock.boot() }
        facts.mesh = { [self] in await figures() }
        facts.work = { [self] in work() }
        facts.shards = shards()
        facts.health = health()
        facts.pins = pinFacts()
        facts.obstacles = { [self] in obstacles() }
        facts.isStopping = { [lane] in lane.isStopping }
        facts.warnings = { [self] in warnings() }
        addModels(to: &facts)
        addQueue(to: &facts)
        addDrain(to: &facts)
        facts.routers = { [routers] in routers.terms }
        facts.explain = { [lane] body, path in try lane.explain(body, path: path) }
        facts.hello = { [mesh] body, pin, remote in
            try await mesh.handleHello(body: body, pin: pin, remote: remote.flatMap(IPAddress.init))
        }
        facts.keys = { [mesh] body, pin, _ in try await mesh.handleKeys(body: body, pin: pin) }
        facts.changeKeys = { [self] order in await changeKeys(order) }
        facts.clientKeys = { [gate] in ClientKeyList(gate, at: Self.accessTime) }
        facts.changeClientKeys = { [self] order in await changeClientKeys(order) }
        facts.sync = { [mesh] body, remote in try await mesh.handleSync(body: body, remote: remote.flatMap(IPAddress.init)) }
        facts.datagrams = { [mesh] body, remote in
            try await mesh.handleDatagrams(body: body, remote: remote.flatMap(IPAddress.init))
        }
        facts.settingsCommand = { [mesh] body in try await mesh.handleSettings(body: body) }
        facts.settings = { [self] in settings.facts(view: mesh.currentView, host: configuration.host, port: configuration.port) }
        facts.writeSettings = { [mesh] writes, isLocal in
            do throws(SettingWriteError) {
                let scope = try await mesh.write(
                    settings: writes.map { SettingWrite(key: $0.key, value: $0.value) }, scope: isLocal ? .local : .fleet)
                return scope == .fleet ? .fleet : .local
            } catch {
                return .refused("\(error)")
            }
        }
        facts.introduction = { [mesh] in await mesh.meshFacts().json }
        return facts
    }

    /// What changes or describes models on machines.
    private func addModels(to facts: inout PeerFacts) {
        let forwarder = ShowForwarder(
            client: client, lane: lane, backends: backends,
            askPeer: { [mesh] peer, path, body in
                try await mesh.ask(
                    peer, path: path, body: body, limit: ShowForwarder.maximumBytes, timeout: ShowForwarder.timeout)
            }, nodeName: { [self] in nodeName })
        facts.show = { await forwarder.show($0, $1) }
        facts.showHere = { await forwarder.showHere($0, $1) }
        let manager = ModelManager(
            client: client, lane: lane, backends: backends,
            askPeer: { [mesh] peer, path, body in
                try await mesh.ask(peer, path: path, body: body, limit: 64 << 10, timeout: ModelManager.timeout)
            })
        facts.changeModels = { await manager.run($0) }
        facts.changeModelsHere = { await manager.runHere($0) }
        let blobs = BlobForwarder(lane: lane)
        facts.blobs = { await blobs.run($0, $1) }
        facts.blobsHere = { await blobs.runHere($0, $1) }
    }

    private func figures() async -> MeshFigures {
        var figures = MeshFigures()
        guard let status = await mesh.status() else { return figures }
        figures.silenceMilliseconds = Dictionary(
            status.members.compactMap { member in member.ageMilliseconds.map { (member.id, $0) } },
            uniquingKeysWith: { first, _ in first })
        figures.roster = Set(status.members.filter(\.inRoster).map(\.id))
        figures.fleet = status.fleetName
        figures.openFleet = status.openFleet
        figures.generation = status.generation
        figures.discovery = configuration.usesMDNS ? status.discoverySentence : "switched off (--no-mdns)"
        figures.seeds = status.seeds.map { seed in
            let next = seed.nextTryMilliseconds.map { ", next try in \(Terminal.time(milliseconds: Double(max(0, $0))))" } ?? ""
            return .init(url: seed.url, state: seed.state, detail: (seed.name ?? seed.error ?? "no answer yet") + next)
        }
        let counters = status.counters
        figures.datagrams =
            [("sent", counters.sent), ("received", counters.received)].map { (name: $0.0, count: UInt64($0.1)) }
            + counters.dropped.sorted { $0.key < $1.key }.map {
                (name: "dropped_" + $0.key.replacingOccurrences(of: "-", with: "_"), count: UInt64($0.value))
            }
        await fillSealing(&figures, status)
        figures.maxEpoch = status.router?.epoch ?? 0
        figures.storageWritable = status.storageWritable
        return figures
    }

    private func fillSealing(_ figures: inout MeshFigures, _ status: MeshStatus) async {
        figures.refused = Dictionary(
            status.counters.dropped.map { ($0.key.replacingOccurrences(of: "-", with: "_"), UInt64($0.value)) },
            uniquingKeysWith: { first, _ in first })
        let lane = lane.counters
        figures.refusedLinks = [
            "handshake": UInt64(lane.handshakesFailed), "crowded": UInt64(lane.handshakesCrowded),
            "token": UInt64(lane.strangersRefused),
        ]
        guard let keys = await mesh.fleetKeyStatus() else { return }
        figures.keyAdvice = keys.advice
        guard !keys.openFleet else { return }
        let now = Int64(Date().timeIntervalSince1970)
        figures.keys = keys.keys.map { .init(id: $0.id, stage: $0.stage.rawValue, ageSeconds: max(0, now - $0.createdSeconds)) }
        figures.rotating = keys.rotating
        figures.revoked = keys.revoked
        for member in keys.members {
            var link = MeshFigures.Link()
            link.keys = member.keyIDs
            link.lacks = member.lacks
            link.tls = PeerID(hex: member.id).flatMap { mesh.linkSecurity?.pin(of: $0) } != nil
            figures.links[member.id] = link
        }
    }

    private func work() -> WorkFacts {
        let counters = lane.counters
        let load = lane.load
        var work = WorkFacts()
        work.queues = counters.models.map { model in
            var queue = WorkFacts.Queue(node: model.node, model: model.model)
            queue.inFlight = model.inFlight
            queue.pending = model.pending
            queue.completed = UInt64(model.completed)
            queue.failed = UInt64(model.failed)
            if let member = lane.view.members.first(where: { $0.name == model.node }) {
                queue.latencyP75Milliseconds = lane.latencyP75(peer: member.id, model: ModelKey(name: model.model))
            }
            return queue
        }
        work.requests = [
            ("accepted", counters.accepted), ("completed", counters.completed), ("failed", counters.failed),
            ("retried", counters.retried), ("client_disconnected", counters.clientDisconnected), ("rejected", counters.rejected),
            ("waited", counters.waited), ("forwarded_here", counters.forwardedHere),
        ].map { (outcome: $0.0, count: UInt64($0.1)) }
        work.ticketsWaiting = counters.waiting
        work.runningHere = load.inFlight
        work.waitingHere = load.queued
        work.bytesRelayed = UInt64(counters.bytesOut)
        work.refusedAtGate = gate.refused.map { (reason: $0.reason.rawValue, count: $0.count) }
        let written = shard.statistics
        work.tracesDropped = traces.dropped + UInt64(written.rowsDropped)
        work.tracesWritten = UInt64(written.rowsWritten)
        work.tracesWaiting = traces.waitingRows
        work.figures = traces.figures
        work.spans = traces.spans?.counts ?? (0, 0)
        let process = ProcessReader()
        work.residentBytes = process.residentBytes
        work.processorSeconds = process.processorSeconds
        return work
    }

    private func obstacles() -> [Obstacle] {
        var list: [Obstacle] = []
        let view = mesh.currentView
        if view.number == 0 { list.append(Obstacle(part: "starting", reason: "the mesh has not started yet")) }
        if lane.isDraining {
            list.append(Obstacle(part: "draining", reason: "this peer finishes what it has and takes nothing new"))
        }
        let engines = view.members.filter { $0.status == .alive || $0.status == .suspect }
            .contains { $0.models?.backends.contains(where: \.reachable) == true }
        if !engines {
            list.append(
                Obstacle(
                    part: "backends",
                    reason:
                        "no engine answers on any node: start Ollama, or name an engine with --backend"
                ))
        }
        return list
    }

    private func warnings() -> [String] {
        var list: [String] = []
        if let problem = mesh.storageProblem {
            list.append("\(problem): make room; until then this peer takes part in no election, and serves as before")
        }
        if mesh.fleetKeys.isOpen {
            list.append(
                "this is an open fleet: anyone on the network who knows its name ('\(mesh.fleetKeys.name)') can use and join it; "
                    + "`herd-peer fleet init` closes it")
        }
        if gate.isInForce, mesh.fleetKeys.isOpen { list.append(Self.openFleetWarning) }
        if let moved = shard.recoveredFrom {
            list.append("the trace store was damaged; it was moved to \(moved) and a new one begun")
        }
        list += drainWarnings
        let written = shard.statistics
        if let problem = written.fileProblem {
            list.append("the trace store is gone, and traces are lost until it is back: \(problem)")
        } else if written.filesReplaced > 0 {
            list.append("the trace store was removed while this peer ran; a new one was begun, what was in it is lost")
        }
        if let error = written.lastError, written.fileProblem == nil {
            list.append("traces cannot be written (\(error)); requests are served as before")
        }
        let name = nodeName
        if name != configuration.nodeID {
            list.append("another node is called '\(configuration.nodeID)': this one is '\(name)'; give each its own --node-id")
        }
        return list
    }
}

extension IPAddress {
    /// The IP address of a socket address; nil for other kinds.
    init?(_ address: SocketAddress) {
        guard let found = Endpoint(address)?.address else { return nil }
        // A v4 client on a v6 socket comes as ::ffff:a.b.c.d.
        if case .v6(high: 0, let low, _) = found, low >> 32 == 0xFFFF {
            self = .v4(UInt32(truncatingIfNeeded: low))
        } else {
            self = found
        }
    }
}
