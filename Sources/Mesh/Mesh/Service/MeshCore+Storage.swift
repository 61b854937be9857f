import Gossip
import Logging
import NIOCore
import NIOPosix

extension MeshCore {
    /// Writes the lease row and waits for the disk. False when that failed: then the rules are told, and it is tried again later.
    func store(_ row: DurableLease, now: Instant) -> Bool {
        if row == written, unwritten == nil { return true }
        do throws(FileFailure) {
            try state.write(lease: row)
            counters.leaseWrites += 1
            written = row
            if unwritten != nil { storageWorks() }
            return true
        } catch {
            if unwritten == nil {
                logger.error(
                    "the lease row cannot be written: no new grant is given until it can",
                    metadata: ["error": "\(error)", "path": "\(error.path)"])
                remark("storage failed: \(error)")
                // Before anything else: the rules take back the grant that the row was for.
                queue.insert(.storage(writable: false, onDisk: written), at: 0)
            }
            lastStorageError = "\(error)"
            views.storageProblem = lastStorageError
            unwritten = row
            storageRetryAt = now + Self.storageRetry
            return false
        }
    }

    func retryStorage(now: Instant) {
        guard let row = unwritten, storageRetryAt <= now else { return }
        guard store(row, now: now) else { return }
        drainQueue()
    }

    private func storageWorks() {
        unwritten = nil
        lastStorageError = nil
        views.storageProblem = nil
        storageRetryAt = .distantFuture
        logger.notice("the lease row can be written again")
        remark("storage works again")
        queue.append(.storage(writable: true))
    }

    /// `peers.json`: when something changed, at most once per 30 seconds; else once an hour, for the times in it.
    func savePeersIfDue(now: Instant) {
        let age = now - peersSavedAt
        guard age >= .seconds(30), peersDirty || age >= .seconds(3_600) else { return }
        peersDirty = false
        peersSavedAt = now
        let entries = peersEntries(now: now)
        let file = peersFile
        let wall = clock.wallMilliseconds()
        worker.runIfActive(eventLoop: loop) { try file.save(entries, nowMilliseconds: wall, durable: true) }
            .assumeIsolated()
            .whenFailure { [weak self] error in
                guard let self else { return }
                self.peersDirty = true
                guard self.limiter.admit("peers-file", now: now) != nil else { return }
                self.logger.warning("the remembered peers cannot be written", metadata: ["error": "\(error)"])
            }
    }

    func peersEntries(now: Instant) -> [PeersEntry] {
        let wall = clock.wallMilliseconds()
        return (rules?.rememberedPeers(now: now) ?? []).filter { $0.id != selfID }.map { peer in
            PeersEntry(
                peer, name: viewBuilder.nameClaim(of: peer.id)?.name ?? rememberedNames[peer.id] ?? "", nowMilliseconds: wall)
        }
    }

    /// The peers of `peers.json`, for the rules.
    func loadPeers() -> [RememberedPeer] {
        let wall = clock.wallMilliseconds()
        let loaded = peersFile.load(nowMilliseconds: wall)
        if let warning = loaded.warning {
            logger.warning("peers.json cannot be used", metadata: ["path": "\(peersFile.path)", "reason": "\(warning)"])
        }
        for peer in loaded.peers { rememberedNames[peer.id] = String(peer.name.prefix(128)) }
        return loaded.peers.filter { $0.id != selfID }.compactMap { $0.remembered(nowMilliseconds: wall) }
    }
}
