import Backends
import FastLane
import Gossip
import Logging
import Machine
import Mesh
import NIOCore
import Routing
import ServiceLifecycle

/// Tells the fleet what this machine can do.
///
/// Joins machine, engines and lane into the reports that the mesh spreads, and tells the lane which engines there are.
struct Reporter: Service {
    let name: String
    let version: String
    let apiPort: @Sendable () -> Int
    let machine: MachineReader
    let backends: BackendsService
    let lane: LaneState
    let mesh: MeshService
    let routerPriority: UInt8
    /// Where this machine's owner has it learn his hours.
    let capacity: CapacityKeeper?
    /// How many slots an engine may show to have, where nobody says it.
    let slotsTried: Int
    let logger: Logger

    /// How often the machine is looked at.
    static let pace = Duration.seconds(2)
    /// Load changes within this time become one report; the rules space reports further.
    static let loadPause = Duration.milliseconds(50)

    func run() async throws {
        let bell = Bell()
        lane.setLoadChangeHandler { bell.ring() }
        await publishFixed()
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await followBackends() }
                group.addTask {
                    while !Task.isCancelled {
                        await publishHot()
                        try? await Task.sleep(for: Self.pace)
                    }
                }
                group.addTask {
                    for await _ in bell.rings {
                        bell.heard()
                        await publishHot()
                        try? await Task.sleep(for: Self.loadPause)
                    }
                }
            }
        }
    }

    private func publishFixed() async {
        let facts = await machine.facts()
        mesh.publish(fixed: facts.report(name: name, version: version, apiPort: apiPort()))
        // A laptop comes and goes, and a radio link loses packets: such a peer is router only where nothing better is.
        let priority = facts.isLaptop && routerPriority == 50 ? 30 : routerPriority
        mesh.publish(
            candidacy: Candidacy(
                priority: priority, steady: facts.link != .wifi && !facts.isLaptop, seasoned: false, ephemeral: facts.isLaptop))
    }

    private func followBackends() async {
        var doors = BackendDoors()
        for await snapshot in backends.updates() {
            mesh.publish(models: withRaised(snapshot.report))
            doors.keep(snapshot.targets)
            lane.update(backends: snapshot.targets.compactMap { localBackend($0, &doors) })
        }
    }

    /// An engine as the lane calls it; nil while it is away or its name has no address.
    private func localBackend(_ target: BackendTarget, _ doors: inout BackendDoors) -> LocalBackend? {
        guard target.reachable else { return nil }
        let host = target.address.host
        let door: BackendDoor?
        do {
            door = try doors.door(of: target)
        } catch {
            logger.error("An engine's certificates cannot be used", metadata: ["backend": "\(target.id)", "error": "\(error)"])
            return nil
        }
        do {
            return LocalBackend(
                id: target.id, kind: target.kind, host: host, port: target.address.port,
                // Connections over TLS ask for the name themselves.
                address: target.address.isSecure
                    ? try SocketAddress(ipAddress: "0.0.0.0", port: target.address.port)
                    : try SocketAddress.makeAddressResolvingHost(host, port: target.address.port),
                slotsPerModel: target.slotsPerModel, models: target.engineNames, version: target.version, door: door,
                slotLimit: target.mayHaveMoreSlots ? slotsTried : nil)
        } catch {
            logger.warning("An engine's host name has no address", metadata: ["backend": "\(target.id)", "error": "\(error)"])
            return nil
        }
    }

    /// The report with what engines showed beyond the assumed number of slots.
    private func withRaised(_ report: ModelsReport) -> ModelsReport {
        let raised = lane.raisedSlots
        guard !raised.isEmpty else { return report }
        var report = report
        for place in report.backends.indices {
            let own = raised.filter { $0.backend == report.backends[place].id }.map(\.slots)
            if !own.isEmpty { report.backends[place].raised = own }
        }
        return report
    }

    private func publishHot() async {
        var report = HotReport()
        let sample = await machine.sample()
        sample.fill(&report)
        let load = lane.load
        report.availability = capacity?.look(sample, isIdle: load.inFlight == 0)
        let snapshot = backends.current
        report.inFlight = UInt16(clamping: load.inFlight)
        report.queued = UInt16(clamping: load.queued)
        let models = withRaised(snapshot.report)
        if let told = lane.view.me?.models?.backends, told.map(\.raised) != models.backends.map(\.raised) {
            mesh.publish(models: models)
        }
        report.slots = UInt16(
            clamping: models.backends.filter(\.reachable).reduce(0) { sum, engine in
                sum + (engine.raised ?? []).map(\.slots).reduce(engine.slotsPerModel, max)
            })
        report.draining = lane.isDraining
        report.loaded = hotModels(load.models.map { ($0.model, $0.inFlight, $0.queued) }, loaded: snapshot.report.loaded)
        mesh.publish(hot: report)
    }

    /// The busiest six models, then those that are only loaded, in a fixed order.
    private func hotModels(_ busy: [(key: ModelKey, inFlight: Int, queued: Int)], loaded: [LoadedModel]) -> [HotModel] {
        var models: [HotModel] = []
        for entry in busy {
            if let index = models.firstIndex(where: { $0.key == entry.key }) {
                models[index].inFlight += UInt16(clamping: entry.inFlight)
                models[index].queued += UInt16(clamping: entry.queued)
            } else {
                models.append(
                    HotModel(key: entry.key, inFlight: UInt16(clamping: entry.inFlight), queued: UInt16(clamping: entry.queued)))
            }
        }
        for model in loaded where !models.contains(where: { $0.key == ModelKey(name: model.name) }) {
            models.append(HotModel(key: ModelKey(name: model.name)))
        }
        return models.sorted { ($0.inFlight + $0.queued, $1.key) > ($1.inFlight + $1.queued, $0.key) }.prefix(6).map { model in
            var model = model
            let figures = lane.ownFigures(model: model.key)
            model.firstTokenP75 = figures.firstTokenMilliseconds.map { UInt16(clamping: Int($0 / 10)) }
            model.tokensPerSecondP75 = figures.tokensPerSecond.map { UInt16(clamping: Int($0)) }
            return model
        }
    }
}
