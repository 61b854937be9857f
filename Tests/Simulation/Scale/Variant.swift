public import Gossip

/// Whose constants the rules run with.
public enum Variant: String, CaseIterable, Sendable {
    /// This program's.
    case herd
    /// The LAN defaults of HashiCorp's memberlist in these rules: its constants, not memberlist itself.
    case memberlist

    /// How it is called in a table.
    public var title: String { self == .herd ? "herd" : "memberlist's constants" }

    /// The rules' configuration.
    public var configuration: HerdConfiguration {
        var configuration = HerdConfiguration()
        guard self == .memberlist else { return configuration }
        configuration.probeInterval = .milliseconds(1_000)
        configuration.pingTimeout = .milliseconds(500)
        configuration.resendsPing = false
        configuration.strikes = 1
        configuration.suspicionMultiplier = 4
        configuration.suspicionPercentForFew = 100
        configuration.lastChanceProbes = 0
        configuration.freshContact = .zero
        configuration.heedsHeaders = false
        configuration.redialsUnreachable = false
        configuration.retransmitFactor = 4
        configuration.earlyTCPPeers = .max
        return configuration
    }
}
