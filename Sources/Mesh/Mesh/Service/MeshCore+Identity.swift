import Gossip
import Logging
import NIOCore

extension MeshCore {
    /// Another process lives under this peer's id and is older, as after the restore of a machine's snapshot (mesh protocol §3.1):
    /// this one takes a new id and begins anew with what it knows of the others. Requests that run are not touched.
    func reidentify(now: Instant) {
        guard phase == .running, !isStopping else { return }
        let old = selfID
        let remembered = rules?.rememberedPeers(now: now) ?? []
        do throws(FileFailure) {
            try state.reidentify()
        } catch {
            logger.critical(
                "another process has this peer's id, and a new one cannot be written: stop this peer, delete its identity folder",
                metadata: ["error": "\(error)", "path": "\(error.path)"])
            remark("cannot take a new identity: \(error)")
            return
        }
        logger.warning(
            "another process has this peer's id and is older (a copied machine?): this one took a new identity",
            metadata: ["peer.id": "\(selfID.hex)", "peer.id.before": "\(old.hex)"])
        remark("took a new identity: another process is \(old.shortHex)")
        restartRules(remembered: remembered, now: now)
        announce(announcement)
    }

    /// Everything that hangs on the identity, made anew; sockets and clocks stay.
    private func restartRules(remembered: [RememberedPeer], now: Instant) {
        queue.removeAll()
        link?.follow(nil)
        tunnels = TunnelQueue()
        tunnelAnswer = nil
        suspendedAt = nil
        sealer = DatagramSealer(keys: key, sender: selfID.short)
        written = state.durable
        unwritten = nil
        storageRetryAt = .distantFuture
        history?.become(selfID, generation: state.identity.generation)
        history?.append(.identity(now: now, wallMilliseconds: clock.wallMilliseconds()))
        seeds = SeedTable(configuration.seeds, selfID: selfID, fleetTag: key.tagHex, seed: selfID.low, now: now)
        viewBuilder = ViewBuilder(selfID: selfID, selfName: configuration.name, number: views.current.number)
        nameHeldSeconds = nil
        nameSuffixed = false
        startedAt = now
        peersDirty = true
        startRules(remembered: remembered, now: now)
        run(seeds.handle(.wake, now: now))
    }
}
