internal import Gossip
internal import NIOCore

extension LaneRequest {
    // MARK: A model that is made out of files which the client sent before

    /// Finds the machine that has them; then `startManagement` goes on with it. False when there is nothing to find.
    func findsBlobs() -> Bool {
        guard route == .create, blobHome == nil, !scan.blobs.isEmpty, scan.node == nil else { return false }
        let ledger = laneState.blobs
        let client = clientIP
        if let known = ledger.holder(ofAll: scan.blobs) {
            blobHome = known
            ledger.release(client)
            return false
        }
        let home = ledger.home(of: client)
        ledger.release(client)
        guard let finder = ledger.finder else {
            blobHome = home
            return false
        }
        let digests = scan.blobs
        let back = NIOLoopBound(self, eventLoop: loop.eventLoop)
        let eventLoop = loop.eventLoop
        Task.detached {
            let found = await finder(digests)
            eventLoop.execute { back.value.blobsFound(at: found ?? home) }
        }
        return true
    }

    /// The machines were asked; the client may have left meanwhile. Nobody has the files: the engine says which it misses.
    private func blobsFound(at peer: PeerID?) {
        guard state != .done else { return }
        blobHome = peer ?? laneState.selfID
        startManagement()
    }
}
