import Crypto
public import Gossip

/// The steps of a rotation. Each gives a new ring; none changes anything on disk.
extension KeyRing {
    /// With a new random key, installed and not in use. Without a free place the oldest retiring key goes.
    ///
    /// - Throws: `KeyRingError.full` when no place can be made, `.rotating` when a key waits to be used already.
    public func installingNewKey(nowSeconds: Int64) throws(KeyRingError) -> KeyRing {
        guard !isRotating else { throw .rotating }
        var random = SystemRandomNumberGenerator()
        var id = UInt16.random(in: 1...UInt16.max, using: &random)
        while key(id) != nil { id = .random(in: 1...UInt16.max, using: &random) }
        return try installing(
            Key(id: id, secret: SecretBytes(randomCount: Self.keyByteCount), stage: .installed, createdSeconds: nowSeconds))
    }

    func installing(_ key: Key) throws(KeyRingError) -> KeyRing {
        guard self.key(key.id) == nil else { throw .keyExists(key.id) }
        var ring = self
        if ring.keys.count >= Self.keyLimit {
            let retiring = ring.keys.filter { $0.stage == .retiring }
            let oldest =
                retiring.first { condemned.contains($0.id) }
                ?? retiring.min { ($0.retiredSeconds ?? 0) < ($1.retiredSeconds ?? 0) }
            guard let oldest else { throw .full }
            ring.keys.removeAll { $0.id == oldest.id }
        }
        ring.keys.append(key)
        return ring.changed()
    }

    /// Seals with the key `id` from now on; the one before it retires.
    ///
    /// - Throws: `KeyRingError.noSuchKey`.
    public func using(_ id: UInt16, nowSeconds: Int64) throws(KeyRingError) -> KeyRing {
        guard key(id) != nil else { throw .noSuchKey(id) }
        guard active.id != id else { return self }
        var ring = self
        for index in ring.keys.indices {
            if ring.keys[index].id == id {
                ring.keys[index].stage = .active
                ring.keys[index].retiredSeconds = nil
            } else if ring.keys[index].stage == .active {
                ring.keys[index].stage = .retiring
                ring.keys[index].retiredSeconds = nowSeconds
            }
        }
        return ring.changed()
    }

    /// Without the key `id`: peers that have only this one must join again.
    ///
    /// - Throws: `KeyRingError.noSuchKey`, or `.inUse` for the key that seals.
    public func removing(_ id: UInt16) throws(KeyRingError) -> KeyRing {
        guard let key = key(id) else { throw .noSuchKey(id) }
        guard key.stage != .active else { throw .inUse(id) }
        var ring = self
        ring.keys.removeAll { $0.id == id }
        return ring.changed()
    }

    /// Shuts a peer out: its certificate is refused, and the keys that it has go as soon as a new one is in use.
    ///
    /// This alone does not take the key away from it: a rotation must follow, `MeshService.rotateKeys(revoking:force:)` does both.
    public func revoking(_ peer: PeerID, pin: [UInt8]?) -> KeyRing {
        var ring = self
        ring.revoked.removeAll { $0.peer == peer }
        ring.revoked.append(Revoked(peer: peer, pin: pin))
        if ring.revoked.count > Self.revokedLimit { ring.revoked.removeFirst(ring.revoked.count - Self.revokedLimit) }
        ring.condemned = ring.keyIDs
        return ring.changed()
    }

    /// With what `other` has begun and this ring does not know: its key that waits to be used, and whom it shut out.
    ///
    /// A router that joined by token has an old ring with the right keys. Its rotation must go on when a member shows it a
    /// newer one.
    func continuing(_ other: KeyRing) -> KeyRing {
        var ring = self
        for entry in other.revoked where !ring.hasRevoked(entry.peer) { ring = ring.revoking(entry.peer, pin: entry.pin) }
        if let waiting = other.keys.first(where: { $0.stage == .installed }), !ring.isRotating,
            let more = try? ring.installing(waiting)
        {
            ring = more
        }
        return ring
    }

    /// Whether this ring is to take the place of `other` at a peer of the same fleet.
    ///
    /// Versions decide. Two rings of one version come from two halves of a network that rotated apart; then a digest decides, so
    /// that all come to the same.
    func isNewer(than other: KeyRing) -> Bool {
        guard fleetTag == other.fleetTag, fleetName == other.fleetName else { return false }
        return version != other.version ? version > other.version : digest.lexicographicallyPrecedes(other.digest)
    }

    private var digest: [UInt8] {
        var hash = SHA256()
        for key in keys {
            hash.update(data: [UInt8(key.id >> 8), UInt8(truncatingIfNeeded: key.id)] + Array(key.stage.rawValue.utf8))
            hash.update(data: key.secret.bytes)
        }
        for entry in revoked { hash.update(data: Array(entry.peer.hex.utf8)) }
        for id in condemned { hash.update(data: [UInt8(id >> 8), UInt8(truncatingIfNeeded: id)]) }
        return Array(hash.finalize())
    }

    private func changed() -> KeyRing {
        var ring = self
        ring.version += 1
        let ids = keyIDs
        ring.condemned.removeAll { !ids.contains($0) }
        let rank: [Stage: Int] = [.active: 0, .installed: 1, .retiring: 2]
        ring.keys = ring.keys.enumerated()
            .sorted { (rank[$0.element.stage] ?? 3, $0.offset) < (rank[$1.element.stage] ?? 3, $1.offset) }
            .map(\.element)
        return ring
    }
}
