import Gossip

extension MeshCore {
    /// Tells the rules what this peer's links and keys are.
    func tellCredentials() {
        apply(.credentials(pin: keyBox.pin, keyIDs: key.ids))
    }

    /// Tells the links which member has which certificate.
    func tellPins() {
        guard let links = state.linkSecurity, let rules else { return }
        var pins: [PeerID: [UInt8]] = [:]
        for entry in rules.memberEntries { pins[entry.id] = entry.pin }
        links.pins.replace(members: pins)
    }

    func fleetKeyStatus() -> FleetKeyStatus {
        let keys = self.key
        let wanted = keys.ring?.keys.filter { $0.stage != .retiring }.map(\.id) ?? []
        let members = (keys.isOpen ? [] : views.current.members).map { member in
            let ids = member.id == selfID ? keys.ids : rules?.memberEntry(member.id)?.keyIDs ?? []
            return FleetKeyStatus.Member(
                id: member.id.hex, name: member.name, reachable: member.status == .alive || member.status == .suspect,
                keyIDs: ids, lacks: wanted.filter { !ids.contains($0) })
        }
        let ringKeys = (keys.ring?.keys ?? []).map { key in
            FleetKeyStatus.Key(
                id: key.id, stage: key.stage, createdSeconds: key.createdSeconds, retiredSeconds: key.retiredSeconds)
        }
        return FleetKeyStatus(
            fleetName: keys.name, fleetTag: keys.tagHex, openFleet: keys.isOpen, version: keys.ring?.version ?? 0, keys: ringKeys,
            members: members, revoked: keys.ring?.revoked.map(\.peer.hex) ?? [], rotating: keys.ring?.isRotating ?? false,
            advice: nil)
    }
}
