/// What the network between the peers does (mesh protocol §3.8). One way takes a millisecond.
public enum Conditions: String, CaseIterable, Sendable {
    /// Nothing is lost.
    case clean = "0"
    /// Every datagram is lost with 5 %.
    case fivePercent = "5"
    /// Every datagram is lost with 20 %.
    case twentyPercent = "20"
    /// 2 % are lost, 5 % are 50…200 ms late, and each node has outages in which 90 % are lost both ways.
    case wifi

    /// How it is called in a table.
    public var title: String { self == .wifi ? "wifi" : rawValue + " %" }

    /// Datagrams of a thousand that are lost outside outages.
    var lossPerMille: UInt64 {
        switch self {
        case .clean: 0
        case .fivePercent: 50
        case .twentyPercent: 200
        case .wifi: 20
        }
    }
}
