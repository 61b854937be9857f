/// How a machine reaches the network: a hint for people and for placement, not a measurement.
public enum LinkKind: String, Hashable, Sendable {
    /// The default route goes over a cable, or over a virtual card.
    case wired
    /// The default route goes over radio.
    case wifi
    /// There is no default route.
    case unknown
}
