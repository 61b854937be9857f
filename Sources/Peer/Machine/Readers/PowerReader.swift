/// Reads `/sys/class/power_supply`.
public struct PowerReader: Sendable {
    private let files: SystemFiles

    /// A reader of `files`.
    public init(files: SystemFiles) { self.files = files }

    /// The state now. Batteries of mice and headsets (`scope` is `Device`) do not count.
    public func read() -> PowerReading {
        var plugged = false
        var discharging = false
        var batteries = 0
        for supply in files.names(in: "/sys/class/power_supply").prefix(32) {
            let folder = "/sys/class/power_supply/" + supply
            switch files.line(folder + "/type") {
            case "Battery":
                if files.line(folder + "/scope") == "Device" { continue }
                batteries += 1
                if files.line(folder + "/status") == "Discharging" { discharging = true }
            case "Mains", "USB":
                if files.number(folder + "/online") == 1 { plugged = true }
            default: continue
            }
        }
        return PowerReading(isLaptop: batteries > 0, onBattery: discharging && !plugged)
    }
}
