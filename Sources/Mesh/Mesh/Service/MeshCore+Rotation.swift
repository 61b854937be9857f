import Gossip
import Logging
import NIOCore
import NIOHTTP1

extension MeshCore {
    /// As router: does what the rotation wants next.
    func driveRotation(_ now: Instant) {
        guard let ring = key.ring, let rules, let router = rules.router(now: now), router.id == selfID else { return }
        let members = rules.memberEntries.filter { $0.id != selfID }.map { entry in
            KeyRotation.Member(
                id: entry.id, isReachable: entry.status == .alive || entry.status == .suspect, keyIDs: entry.keyIDs)
        }
        let decision = rotation.next(ring, members: members, nowSeconds: clock.wallMilliseconds() / 1_000, now: now)
        if let changed = decision.ring {
            guard adopt(changed, why: "rotation") else { return }
            return driveRotation(now)
        }
        for peer in decision.bring { bring(ring, to: peer, epoch: router.epoch) }
    }

    /// Brings the ring to one peer, under the newest key that it has.
    private func bring(_ ring: KeyRing, to peer: PeerID, epoch: UInt64) {
        let keys = key
        let now = clock.boot()
        guard let entry = rules?.memberEntry(peer), let record = ownRecord, let pin = state.linkSecurity?.pins.pin(of: peer),
            let common = keys.all.first(where: { entry.keyIDs.contains($0.id) }),
            // Who has the key in use can grant; who has not cannot even hear a request for it.
            common.id != keys.active.id || rules?.validUntil(peer, now: now).map({ $0 > now }) ?? false
        else { return rotation.brought(peer, succeeded: false, now: now) }
        let message = KeysMessage.bring(
            ring, epoch: epoch, record: record, nonce: SecretBytes(randomCount: Hello.nonceByteCount).bytes)
        post(message, keys: keys, under: common, at: entry.endpoint, pin).assumeIsolated().whenComplete { result in
            guard self.phase == .running else { return }
            let now = self.clock.boot()
            switch result {
            case .success(let answer):
                self.rotation.brought(peer, succeeded: true, now: now)
                if let newer = answer.newer, let own = self.key.ring, newer.isNewer(than: own) {
                    _ = self.adopt(newer.continuing(own), why: "a member had a newer ring")
                }
            case .failure(let error):
                self.rotation.brought(peer, succeeded: false, now: now)
                guard let skipped = self.limiter.admit("bring", now: now) else { return }
                self.logger.info(
                    "a peer could not be brought the fleet's keys; it is tried again",
                    metadata: ["peer.id": "\(peer)", "error": "\(LinkFailure(error))", "skipped": "\(skipped)"])
            }
        }
    }

    private func post(
        _ message: KeysMessage, keys: FleetKeys, under key: FleetKey, at endpoint: Endpoint, _ pin: [UInt8]
    ) -> EventLoopFuture<KeysMessage.Answer> {
        guard let body = message.sealed(key: key, fleetTag: keys.tag) else { return loop.makeFailedFuture(LinkFailure.malformed) }
        let call = LinkCall(
            method: .POST, path: LinkCall.keysPath, body: body, contentType: "application/octet-stream",
            answerLimit: KeysMessage.byteLimit)
        return pinned(call, at: endpoint, pin, under: key).flatMapThrowing { bytes in
            guard let answer = KeysMessage.Answer.open(bytes, keys: keys, nonce: message.nonce) else {
                throw LinkFailure.malformed
            }
            return answer
        }
    }

    // MARK: What others ask

    /// `POST /herd/v1/keys`.
    func serveKeys(_ body: [UInt8], pin: [UInt8]?) throws(MeshLinkError) -> [UInt8] {
        guard phase == .running, let own = key.ring else { throw key.isOpen ? .openFleet : .notRunning }
        let (message, fleetKey) = try KeysMessage.open(body, keys: key, pin: pin)
        let answer: KeysMessage.Answer
        switch message {
        case .bring(let ring, let epoch, let record, _):
            guard obeys(record.id, epoch: epoch) else { throw .notRouter }
            guard !ring.hasRevoked(selfID) else { throw .revoked }
            if ring.isNewer(than: own) {
                guard adopt(ring, why: "the router brought it") else { throw .storage }
                answer = KeysMessage.Answer(keyIDs: ring.keyIDs)
            } else {
                answer = KeysMessage.Answer(keyIDs: own.keyIDs, newer: own.isNewer(than: ring) ? own : nil)
            }
        case .rotate(let revoked, let force, _, _):
            do throws(KeyRotationError) {
                try rotate(revoking: revoked, force: force)
                answer = KeysMessage.Answer(keyIDs: key.ids)
            } catch {
                answer = KeysMessage.Answer(keyIDs: key.ids, refusal: "\(error)")
            }
        }
        guard let bytes = answer.sealed(key: fleetKey, fleetTag: key.tag, nonce: message.nonce) else { throw .unreadable }
        return bytes
    }

    /// The fence: a peer takes keys from the router that it obeys. One that obeys nobody, or only itself, takes them from any
    /// member: having slept through a rotation it cannot hear the request for its grant, and the ring's version decides anyway.
    private func obeys(_ router: PeerID, epoch: UInt64) -> Bool {
        let now = clock.boot()
        if rules?.admits(epoch: epoch, router: router, now: now) == true { return true }
        guard let obeyed = rules?.router(now: now)?.id else { return true }
        return obeyed == selfID || obeyed == router
    }

    // MARK: What this peer's people ask

    /// Begins a rotation here. This peer must be router.
    func rotate(revoking peer: PeerID?, force: Bool) throws(KeyRotationError) {
        let now = clock.boot()
        guard phase == .running else { throw .notRunning }
        guard var ring = key.ring else { throw .openFleet }
        guard let router = rules?.router(now: now), router.id == selfID else { throw .noRouter }
        guard router.mode == .quorate || force else { throw .notQuorate(missing: outOfSight) }
        if let peer {
            guard peer != selfID else { throw .isRouter(views.current.me?.name ?? selfID.shortHex) }
            guard rules?.memberEntry(peer) != nil else { throw .unknownPeer(peer.hex) }
            ring = ring.revoking(peer, pin: rules?.memberEntry(peer)?.pin)
        } else if ring.isRotating {
            throw .underWay
        }
        do throws(KeyRingError) {
            if !ring.isRotating { ring = try ring.installingNewKey(nowSeconds: clock.wallMilliseconds() / 1_000) }
        } catch {
            throw .ring(error)
        }
        guard adopt(ring, why: peer.map { "\($0) is shut out" } ?? "a rotation begins") else {
            throw .routerRefused(keyProblem ?? "another command is changing the keys at this moment: try again.")
        }
        if force, router.mode != .quorate { remark("keys rotated by force without: \(outOfSight.joined(separator: ", "))") }
        driveRotation(now)
    }

    /// Asks the router to rotate; done here when this peer is router.
    func requestRotation(revoking peer: PeerID?, force: Bool) -> EventLoopFuture<Void> {
        let now = clock.boot()
        guard phase == .running, !key.isOpen, let router = rules?.router(now: now), router.id != selfID else {
            return loop.makeCompletedFuture { try self.rotate(revoking: peer, force: force) }
        }
        guard peer != router.id else {
            return loop.makeFailedFuture(KeyRotationError.isRouter(views.current.member(router.id)?.name ?? router.id.shortHex))
        }
        guard let entry = rules?.memberEntry(router.id), let record = ownRecord,
            let pin = state.linkSecurity?.pins.pin(of: router.id)
        else { return loop.makeFailedFuture(KeyRotationError.noRouter) }
        let keys = key
        let message = KeysMessage.rotate(
            revoking: peer, force: force, record: record, nonce: SecretBytes(randomCount: Hello.nonceByteCount).bytes)
        return post(message, keys: keys, under: keys.active, at: entry.endpoint, pin)
            .flatMapErrorThrowing { throw KeyRotationError.routerRefused("\(LinkFailure($0))") }
            .flatMapThrowing { answer in
                if let refusal = answer.refusal { throw KeyRotationError.routerRefused(refusal) }
            }
    }

    private var outOfSight: [String] {
        views.current.members.filter { $0.status == .unreachable || $0.status == .asleep }.map(\.name)
    }
}
