extension MeshService {
    /// The fleet's keys as they are now.
    public var fleetKeys: FleetKeys { keyBox.current }

    /// What this peer sends as `X-Herd-Fleet` on links to other peers. A rotation changes it: ask for every connection.
    ///
    /// In a closed fleet it is bound to this peer's certificate, so it is worth nothing to who has not that certificate's key.
    public var linkToken: String { keyBox.linkToken }

    /// Whether the `X-Herd-Fleet` of an incoming link is this fleet's. `pin` is `LinkSecurity.peerPin(of:)` of the connection.
    ///
    /// Any key of the ring is accepted; a peer that was shut out is not. An open fleet does not look at the certificate.
    public func admitsLink(_ token: String, pin: [UInt8]?) -> Bool { keyBox.current.admitsLink(token, pin: pin) }
}

extension MeshService {
    /// How the fleet's keys stand; nil after a shutdown. Holds no key bytes.
    public func fleetKeyStatus() async -> FleetKeyStatus? { await onLoop { $0.fleetKeyStatus() } }
}
