/// Where a machine's power comes from.
public struct PowerReading: Hashable, Sendable {
    /// It has a battery of its own.
    public var isLaptop: Bool
    /// It runs on that battery now.
    public var onBattery: Bool

    /// A reading; the default is a machine without a battery.
    public init(isLaptop: Bool = false, onBattery: Bool = false) {
        self.isLaptop = isLaptop
        self.onBattery = onBattery
    }
}
