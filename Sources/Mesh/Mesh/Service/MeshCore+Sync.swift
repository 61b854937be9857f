import Gossip
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

extension MeshCore {
    /// Exchanges state with the peer at `endpoint`: now, or when one of the eight places is free.
    func beginSync(_ endpoint: Endpoint) {
        switch syncs.add(endpoint) {
        case .start: runSync(endpoint)
        case .wait, .alreadyUnderWay: break
        case .full: queue.append(.syncFailed(endpoint))
        }
    }

    private func runSync(_ endpoint: Endpoint) {
        guard let message = rules?.syncMessage(to: endpoint, now: clock.boot()) else { return }
        counters.syncsStarted += 1
        let loop = self.loop
        worker.runIfActive(eventLoop: loop) { try SyncDocument.encode(message) }
            .assumeIsolated()
            .flatMap { body in
                self.call(
                    LinkCall(method: .POST, path: LinkCall.syncPath, body: body, answerLimit: SyncDocument.byteLimit),
                    at: endpoint)
            }
            .flatMap { [worker] answer in
                worker.runIfActive(eventLoop: loop) {
                    guard let message = SyncDocument.decode(answer) else { throw LinkFailure.malformed }
                    return message
                }
            }
            .whenComplete { [weak self] (result: Result<SyncMessage, any Error>) in self?.syncEnded(endpoint, result) }
    }

    private func syncEnded(_ endpoint: Endpoint, _ result: Result<SyncMessage, any Error>) {
        let next = syncs.ended(endpoint)
        guard phase == .running else { return }
        switch result {
        case .success(let answer):
            apply(.synced(answer, from: endpoint))
        case .failure(let error):
            counters.syncsFailed += 1
            if let skipped = limiter.admit("sync", now: clock.boot()) {
                logger.debug(
                    "state exchange failed",
                    metadata: [
                        "peer.address": "\(AddressText.format(endpoint))", "error": "\(LinkFailure(error))",
                        "skipped": "\(skipped)",
                    ])
            }
            apply(.syncFailed(endpoint))
        }
        if let next { runSync(next) }
    }

    /// Another peer began an exchange: takes in what it says and answers.
    func serveSync(_ message: SyncMessage, remote: IPAddress?) -> SyncMessage? {
        guard phase == .running, rules != nil else { return nil }
        counters.syncsServed += 1
        let from = Self.dialAddress(message.sender.endpoint, remote: remote)
        apply(.synced(message, from: from))
        return rules?.syncMessage(for: message, now: clock.boot())
    }

    /// Where the sender of an exchange can be dialled: the address that the connection came from, with the mesh port that it names.
    static func dialAddress(_ named: Endpoint, remote: IPAddress?) -> Endpoint? {
        guard named.port > 0 else { return nil }
        if let remote, !remote.isUnspecified { return Endpoint(remote, port: named.port) }
        return named.address.isUnspecified ? nil : named
    }
}
