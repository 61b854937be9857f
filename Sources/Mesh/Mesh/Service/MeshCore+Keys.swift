import Gossip
import Logging

extension MeshCore {
    /// Between two looks at the file of the ring.
    static let ringPoll: Duration = .seconds(2)
    /// Between two leaps of the datagrams' sequence.
    static let leapInterval: Duration = .seconds(60)

    /// Tells the rules what this peer's links and keys are.
    func tellCredentials() {
        guard !key.isOpen else { return }
        apply(.credentials(pin: keyBox.pin, keyIDs: key.ids))
    }

    /// Tells datagrams and links who is a member, and which certificate each has.
    func tellPins() {
        guard let rules else { return }
        let entries = rules.memberEntries
        opener.setMembers(Set(entries.map(\.id.short)))
        guard let links = state.linkSecurity else { return }
        var pins: [PeerID: [UInt8]] = [:]
        var byEndpoint: [Endpoint: PeerID] = [:]
        for entry in entries where entry.id != selfID {
            pins[entry.id] = entry.pin
            // Two records with one address: the one that is in touch counts.
            if byEndpoint[entry.endpoint] == nil || entry.status == .alive { byEndpoint[entry.endpoint] = entry.id }
        }
        links.pins.replace(members: pins)
        peersByEndpoint = byEndpoint
    }

    /// With every tick: the file, the sequence, the rotation.
    func tickKeys(_ now: Instant) {
        if now >= leapDue {
            sealer.leap()
            leapDue = now + Self.leapInterval
        }
        if now >= ringPollDue {
            ringPollDue = now + Self.ringPoll
            rereadRing()
        }
        driveRotation(now)
    }

    /// Takes a new ring in use. False when it could not be written: then nothing has changed. What a person has put into the file
    /// is read first, and never overwritten when this peer cannot use it.
    func adopt(_ ring: KeyRing, why: String) -> Bool {
        do throws(KeyRingError) {
            // The loop never waits for a command: whatever wanted the new ring wants it again with the next tick.
            guard let lock = try state.ringFile.lockAtOnce() else { return false }
            defer { KeyRingFile.unlock(lock) }
            rereadRing()
            guard ringFileIsUsable, let own = key.ring, ring.isNewer(than: own) else { return false }
            try state.ringFile.write(ring)
            ringStamp = state.ringFile.stamp
        } catch {
            keyProblem = "\(error)"
            if limiter.admit("ring-file", now: clock.boot()) != nil {
                logger.error("the fleet's keys cannot be written; the old ones stay in use", metadata: ["error": "\(error)"])
            }
            return false
        }
        use(ring, why: why)
        return true
    }

    func use(_ ring: KeyRing, why: String) {
        let keys = FleetKeys(ring)
        keyBox.replace(keys)
        sealer.use(keys)
        opener.use(keys)
        state.linkSecurity?.pins.revoke(Set(ring.revoked.map(\.peer)))
        keyProblem = nil
        logger.notice(
            "the fleet's keys changed",
            metadata: ["reason": "\(why)", "ring.version": "\(ring.version)", "key.ids": "\(ring.keyIDs)"])
        remark("keys changed (\(why)): version \(ring.version), in use \(ring.keyIDs[0])")
        tellCredentials()
    }

    /// Somebody wrote the file: `herd-peer fleet …` on a running peer.
    private func rereadRing() {
        let stamp = state.ringFile.stamp
        guard stamp != ringStamp else { return }
        ringStamp = stamp
        ringFileIsUsable = true
        let found: KeyRing?
        do throws(KeyRingError) {
            found = try state.ringFile.load()
        } catch {
            return complain("\(error)")
        }
        switch (key.ring, found) {
        case (nil, nil):
            keyProblem = nil
        case (nil, .some):
            complain("this peer has been given the fleet's keys: restart it to use them")
        case (.some, nil):
            complain("the file with the fleet's keys is gone: put it back, or restart this peer to make its fleet an open one")
        case (.some(let own), .some(let found)):
            guard own != found else {
                keyProblem = nil
                return
            }
            guard own.fleetTag == found.fleetTag, own.fleetName == found.fleetName else {
                return complain("this peer has been given the keys of another fleet: restart it to use them")
            }
            use(found, why: "the file was changed")
        }
    }

    private func complain(_ problem: String) {
        keyProblem = problem
        ringFileIsUsable = false
        logger.warning("the fleet's keys need attention", metadata: ["reason": "\(problem)"])
        remark("keys: \(problem)")
    }

    /// A datagram of this fleet under a key that this peer does not have.
    func heardUnknownKey(_ now: Instant) {
        guard !key.isOpen else { return }
        unknownKeyAt = now
    }

    /// What a person has to do about the keys.
    func keyAdvice(_ now: Instant) -> String? {
        if let keyProblem { return keyProblem }
        guard let unknownKeyAt, now - unknownKeyAt < .seconds(60) else { return nil }
        let isAlone = !views.current.members.contains { $0.id != selfID && $0.status == .alive }
        return isAlone
            ? "this fleet has removed the keys that this peer has (it slept through a rotation, or was shut out): "
                + "join again with a new token, `herd-peer fleet join`" : nil
    }

    func fleetKeyStatus() -> FleetKeyStatus {
        let keys = self.key
        let wanted = keys.ring?.keys.filter { $0.stage != .retiring }.map(\.id) ?? []
        let members = (keys.isOpen ? [] : views.current.members).map { member in
            let ids = member.id == selfID ? keys.ids : rules?.memberEntry(member.id)?.keyIDs ?? []
            return FleetKeyStatus.Member(
                id: member.id.hex, name: member.name, reachable: member.status == .alive || member.status == .suspect,
                keyIDs: ids, lacks: wanted.filter { !ids.contains($0) })
        }
        let ringKeys = (keys.ring?.keys ?? []).map { key in
            FleetKeyStatus.Key(
                id: key.id, stage: key.stage, createdSeconds: key.createdSeconds, retiredSeconds: key.retiredSeconds)
        }
        return FleetKeyStatus(
            fleetName: keys.name, fleetTag: keys.tagHex, openFleet: keys.isOpen, version: keys.ring?.version ?? 0, keys: ringKeys,
            members: members, revoked: keys.ring?.revoked.map(\.peer.hex) ?? [], rotating: keys.ring?.isRotating ?? false,
            advice: keyAdvice(clock.boot()))
    }
}
