import API
import FastLane
import Foundation
import Gossip
import Logging
import Mesh
import Routing

extension PeerParts {
    /// This machine drains as long as the fleet's settings say so.
    func followDrains() {
        mesh.onSettings { [lane, logger] entries in
            let key = DrainSetting.key(lane.selfID)
            let entry = entries.first { $0.key == key && $0.value != nil }
            guard lane.setDrained(entry != nil) else { return }
            if let drain = entry.map(DrainSetting.init) {
                logger.notice("This node drains: it finishes what it has", metadata: ["by": "\(drain.by)"])
            } else {
                logger.notice("This node serves again")
            }
        }
    }

    /// What the routes tell of draining, and how they order it.
    func addDrain(to facts: inout PeerFacts) {
        facts.drain.list = { [self] in drained() }
        facts.drain.order = { [self] node, drained in await drain(node, drained) }
    }

    /// All drained nodes, by name.
    func drained() -> [DrainFacts.Drained] {
        let view = mesh.currentView
        return mesh.settings.compactMap { entry -> DrainFacts.Drained? in
            guard let peer = DrainSetting.peer(entry) else { return nil }
            let setting = DrainSetting(entry)
            let member = view.member(peer)
            let isHere = peer == lane.selfID
            let load = isHere ? lane.load : nil
            return DrainFacts.Drained(
                node_id: member?.name ?? (setting.node.isEmpty ? peer.shortHex : setting.node), by: setting.by,
                since: setting.since, draining: isHere ? lane.isDrained : member?.hot?.draining ?? false,
                in_flight: load?.inFlight ?? Int(member?.hot?.inFlight ?? 0),
                queued: load?.queued ?? Int(member?.hot?.queued ?? 0))
        }.sorted { $0.node_id < $1.node_id }
    }

    /// For people who look at the status.
    var drainWarnings: [String] {
        drained().map { drain in
            "node '\(drain.node_id)' is drained (by '\(drain.by)') and takes no requests; "
                + "`herd-peer undrain \(drain.node_id)` ends that"
        }
    }

    private func drain(_ name: String?, _ drained: Bool) async -> DrainOutcome {
        let view = mesh.currentView
        let member = name.map { name in view.members.first { $0.isNamed(name) } } ?? view.me
        // A node that left for good can still be taken from the list.
        let peer =
            member?.id
            ?? mesh.settings.first { DrainSetting.peer($0) != nil && DrainSetting($0).node == name }
            .flatMap(DrainSetting.peer)
        guard let peer else { return .unknownNode(known: view.members.filter { $0.status != .left }.map(\.name).sorted()) }
        let shown = member?.name ?? name ?? peer.shortHex
        let setting = DrainSetting(node: shown, by: nodeName, since: Int64(Date().timeIntervalSince1970))
        do throws(SettingWriteError) {
            let write = SettingWrite(key: DrainSetting.key(peer), value: drained ? setting.text : nil)
            let scope = try await mesh.write(settings: [write])
            await waitUntilKnown(write)
            return .done(node: shown, scope: scope.rawValue)
        } catch {
            return .refused("nothing was changed: \(error)")
        }
    }

    /// Who gave the order may look at the status at once.
    private func waitUntilKnown(_ write: SettingWrite) async {
        let end = ContinuousClock.now + .seconds(3)
        while ContinuousClock.now < end {
            if mesh.settings.first(where: { $0.key == write.key })?.value == write.value { return }
            try? await Task.sleep(for: .milliseconds(20))
        }
    }
}
