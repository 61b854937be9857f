/// Reads temperatures from `/sys/class/thermal` and `/sys/class/hwmon`.
public struct ThermalReader: Sendable {
    private let files: SystemFiles
    private let sensors: [(path: String, name: String)]

    /// Sensors that say nothing about how hard the machine computes: radio, chipset, disks, batteries.
    private static let ignored = ["iwlwifi", "mt79", "pch", "nvme", "drivetemp", "bat", "ucsi", "hidpp", "int3400"]

    /// A reader of `files`. It looks for sensors once: they do not come and go.
    public init(files: SystemFiles) {
        self.files = files
        var found: [(path: String, name: String)] = []
        for zone in files.names(in: "/sys/class/thermal") where zone.hasPrefix("thermal_zone") {
            let folder = "/sys/class/thermal/" + zone
            found.append((folder + "/temp", files.line(folder + "/type") ?? zone))
        }
        for chip in files.names(in: "/sys/class/hwmon") {
            let folder = "/sys/class/hwmon/" + chip
            let name = files.line(folder + "/name") ?? chip
            for entry in files.names(in: folder) where entry.hasPrefix("temp") && entry.hasSuffix("_input") {
                found.append((folder + "/" + entry, name))
            }
        }
        sensors = Array(
            found.filter { sensor in !Self.ignored.contains { sensor.name.lowercased().hasPrefix($0) } }.prefix(64))
    }

    /// The hottest sensor now. Values that no living machine has (below 1 °C, above 125 °C) are broken sensors and do not count.
    public func read() -> ThermalReading {
        var hottest = ThermalReading()
        for sensor in sensors {
            guard let milli = files.number(sensor.path), milli >= 1000, milli <= 125_000 else { continue }
            let celsius = Double(milli) / 1000
            if celsius > hottest.celsius ?? 0 { hottest = ThermalReading(celsius: celsius, source: sensor.name) }
        }
        return hottest
    }
}
