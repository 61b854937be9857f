import API
import Access
import FastLane
import Gossip
import Health
import Mesh
import Synchronization

/// The fleet's settings at this peer: what the fleet says where it says something usable, else this peer's own configuration.
final class FleetSettings: Sendable {
    private let configuration: PeerConfiguration
    private let entries = Mutex<[SettingEntry]>([])

    init(_ configuration: PeerConfiguration) { self.configuration = configuration }

    /// What is in force. A value out of range, from a newer version perhaps, is as good as none.
    func value(_ setting: FleetSetting) -> Int { told(setting)?.value ?? setting.configured(configuration) }

    /// Takes over what the mesh says and gives it to the lane.
    func take(_ new: [SettingEntry], lane: LaneState) {
        entries.withLock { $0 = new }
        var limits = lane.limits
        limits.maxTries = value(.maxRetries) + 1
        limits.ticketWait = .seconds(value(.ticketWait))
        limits.ticketQueueLimit = value(.ticketLimit)
        limits.fetchesModels = value(.autoPull) == 1
        limits.learnsContexts = value(.dynamicContext) == 1
        limits.substitution = FleetSetting.fallbacks[value(.vramFallback)]
        lane.apply(limits)
    }

    /// What the routes show.
    func facts(view: FleetView, host: String, port: Int) -> SettingsFacts {
        var facts = SettingsFacts()
        facts.host = host
        facts.port = port
        facts.dataDirectory = configuration.dataDirectory
        facts.entries = FleetSetting.allCases.map { setting in
            let told = told(setting)
            return SettingsFacts.Entry(
                key: setting.rawValue, value: told?.value ?? setting.configured(configuration),
                source: told == nil ? "configuration" : "fleet", configured: setting.configured(configuration),
                range: setting.range, meaning: setting.meaning,
                writer: told.map { told in view.member(told.entry.version.node)?.name ?? told.entry.version.node.shortHex },
                epoch: told?.entry.version.epoch)
        }
        for entry in entries.withLock(\.self)
        where FleetSetting(rawValue: entry.key) == nil && !entry.key.hasPrefix(ClientKey.settingPrefix)
            && !entry.key.hasPrefix(DrainSetting.prefix)
            && !entry.key.hasPrefix(Pin.settingPrefix)
        {
            facts.unknown[entry.key] = entry.value
        }
        return facts
    }

    private func told(_ setting: FleetSetting) -> (value: Int, entry: SettingEntry)? {
        guard let entry = entries.withLock({ $0.first { $0.key == setting.rawValue } }),
            let value = entry.value.flatMap({ Int($0) }), setting.range.contains(value)
        else { return nil }
        return (value, entry)
    }
}
