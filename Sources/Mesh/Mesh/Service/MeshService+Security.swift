public import Gossip

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
    public func admitsLink(_ token: String, pin: [UInt8]?) -> Bool { keyBox.admitsLink(token, pin: pin) }

    /// How the fleet's keys stand; nil after a shutdown. Holds no key bytes.
    public func fleetKeyStatus() async -> FleetKeyStatus? { await onLoop { $0.fleetKeyStatus() } }

    /// Gives the fleet a new key, and takes the old ones away from `peer`, if one is named. The router does it: another peer asks
    /// it.
    ///
    /// Returns when the rotation has begun; `fleetKeyStatus` tells how far it is. `force` does it without the quorum of the
    /// roster: peers out of sight may then have to join again. - Throws: `KeyRotationError`.
    public func rotateKeys(revoking peer: PeerID?, force: Bool) async throws {
        try await flatOnLoop { $0.requestRotation(revoking: peer, force: force) }
    }

    /// `POST /herd/v1/hello`: first contact of a closed fleet. No token is needed; a refusal is answered with 403 and no reason.
    ///
    /// `pin` is the certificate that the connection showed.
    /// - Throws: `MeshLinkError`.
    public func handleHello(body: [UInt8], pin: [UInt8]?, remote: IPAddress?) async throws -> [UInt8] {
        guard body.count <= Hello.byteLimit else { throw MeshLinkError.tooLong(bytes: body.count) }
        return try await answer { core throws(MeshLinkError) in try core.serveHello(body, pin: pin) }
    }

    /// `POST /herd/v1/keys`: the router brings its ring, or a peer asks for a rotation. The caller has checked the token with
    /// `admitsLink`; a refusal is answered with 403.
    ///
    /// - Throws: `MeshLinkError`.
    public func handleKeys(body: [UInt8], pin: [UInt8]?) async throws -> [UInt8] {
        guard body.count <= KeysMessage.byteLimit else { throw MeshLinkError.tooLong(bytes: body.count) }
        return try await answer { core throws(MeshLinkError) in try core.serveKeys(body, pin: pin) }
    }

    private func answer(_ body: @escaping @Sendable (MeshCore) throws(MeshLinkError) -> [UInt8]) async throws -> [UInt8] {
        let result = await onLoop { core -> Result<[UInt8], MeshLinkError> in
            do throws(MeshLinkError) { return .success(try body(core)) } catch { return .failure(error) }
        }
        guard let result else { throw MeshLinkError.notRunning }
        return try result.get()
    }
}
