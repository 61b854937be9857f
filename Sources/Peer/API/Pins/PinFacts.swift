public import Health

/// Pins as the routes need them. They are settings of the fleet, and written like these.
public struct PinFacts: Sendable {
    /// All pins of the fleet, in a fixed order.
    public var all: @Sendable () -> [Pin] = { [] }
    /// What this peer's own configuration pins on its machine (`FLEET_PINNED_MODELS`).
    public var configured: [String] = []
    /// How many models a node has in memory by preloading (`FLEET_MODEL_PRELOAD_MAX_COUNT`).
    public var mostPreloaded = 3

    /// No pins.
    public init() {}
}
