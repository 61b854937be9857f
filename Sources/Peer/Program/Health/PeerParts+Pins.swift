import API
import Foundation
import Gossip
import Health
import Mesh

extension PeerParts {
    /// All pins of the fleet, in the order of their keys.
    var pins: [Pin] {
        mesh.settings.compactMap { entry in
            guard entry.key.hasPrefix(Pin.settingPrefix), let value = entry.value else { return nil }
            // Of a newer version, perhaps, or somebody's slip.
            return try? JSONDecoder().decode(Pin.self, from: Data(value.utf8))
        }
    }

    /// What is pinned on this machine: by its own configuration on every one that has the model, and by the fleet.
    var pinnedHere: [String] {
        let name = nodeName
        return Array(Set(configuration.pinnedModels + pins.filter { $0.node == name }.map(\.model))).sorted()
    }

    /// Pins as the routes need them.
    func pinFacts() -> PinFacts {
        var facts = PinFacts()
        facts.all = { [self] in pins }
        facts.configured = configuration.pinnedModels
        return facts
    }

    /// What keeps them in memory.
    func pinKeeper() -> PinKeeper {
        PinKeeper(
            pinned: { [self] in pinnedHere }, backends: backends, machine: machine, client: client, watch: watch, logger: logger)
    }
}
