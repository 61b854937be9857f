import Gossip
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

extension MeshCore {
    static let tunnelPath = "/herd/v1/datagrams"
    /// A tunnel call that takes longer is a failure: its datagrams are stale by then.
    static let tunnelTimeout: Duration = .seconds(2)

    /// Brings a datagram to a peer that UDP does not reach: with the answer under way to it, else by a call of its own.
    func tunnel(_ datagram: Datagram, to endpoint: Endpoint, now: Instant) {
        if answer(datagram, to: endpoint) { return }
        guard endpoint.port > 0, !endpoint.address.isUnspecified else { return }
        counters.tunnelled += 1
        switch tunnels.add(sealer.seal(datagram), for: endpoint) {
        case .taken: break
        case .displaced: counters.sendFailures["tunnel-full", default: 0] += 1
        case .full:
            counters.sendFailures["tunnel-full", default: 0] += 1
            queue.append(.tunnelFailed(endpoint))
            return
        }
        guard !tunnelFlushDue else { return }
        tunnelFlushDue = true
        // After the current event, so that all it says to a peer goes in one call.
        loop.assumeIsolated().execute { [weak self] in
            self?.tunnelFlushDue = false
            self?.flushTunnels()
        }
    }

    /// Puts a datagram into the answer that is being made, when it is for the same peer.
    func answer(_ datagram: Datagram, to endpoint: Endpoint) -> Bool {
        guard let answer = tunnelAnswer, answer.endpoints.contains(endpoint), answer.datagrams.count < DatagramFrames.limit else {
            return false
        }
        tunnelAnswer?.datagrams.append(sealer.seal(datagram))
        return true
    }

    private func flushTunnels() {
        guard phase == .running else { return }
        for (endpoint, datagrams) in tunnels.takeReady() {
            let call = LinkCall(
                method: .POST, path: Self.tunnelPath, body: DatagramFrames.encode(datagrams),
                contentType: "application/octet-stream", answerLimit: DatagramFrames.byteLimit, connectTimeout: .seconds(1),
                totalTimeout: Self.tunnelTimeout)
            self.call(call, at: endpoint)
                .assumeIsolated()
                .whenComplete { [weak self] result in self?.tunnelEnded(endpoint, result) }
        }
    }

    private func tunnelEnded(_ endpoint: Endpoint, _ result: Result<[UInt8], any Error>) {
        let frames = (try? result.get()).flatMap(DatagramFrames.decode)
        tunnels.ended(endpoint, failed: frames == nil)
        guard phase == .running else { return }
        if let frames {
            for bytes in frames {
                guard let datagram = open(bytes, from: endpoint) else { continue }
                apply(.tunnelled(datagram, from: endpoint))
            }
        } else {
            counters.tunnelsFailed += 1
            if let skipped = limiter.admit("tunnel", now: clock.boot()) {
                var reason = LinkFailure.malformed
                if case .failure(let error) = result { reason = LinkFailure(error) }
                logger.debug(
                    "datagrams could not be brought inside a peer link",
                    metadata: ["peer.address": "\(AddressText.format(endpoint))", "error": "\(reason)", "skipped": "\(skipped)"])
            }
            apply(.tunnelFailed(endpoint))
        }
        flushTunnels()
    }

    /// Another peer brings datagrams inside a peer link: each goes the way of one that came by UDP, replay window included.
    func serveTunnel(_ frames: [[UInt8]], remote: IPAddress?) -> [[UInt8]]? {
        guard phase == .running, rules != nil else { return nil }
        counters.tunnelsServed += 1
        var answers: [[UInt8]] = []
        for bytes in frames {
            let shown = Endpoint(remote ?? .v4(0), port: meshPort)
            guard let datagram = open(bytes, from: shown) else { continue }
            let known = views.current.members.first { $0.id.short == datagram.sender && $0.id != selfID }?.endpoint
            guard let from = Self.tunnelSender(datagram, known: known, remote: remote, meshPort: meshPort) else { continue }
            tunnelAnswer = TunnelAnswer(endpoints: [from, known].compactMap(\.self))
            apply(.tunnelled(datagram, from: from))
            answers += tunnelAnswer?.datagrams ?? []
            tunnelAnswer = nil
        }
        return Array(answers.prefix(DatagramFrames.limit))
    }

    /// Where the sender of a tunnelled datagram listens: at the address that the connection came from, on the port that it names,
    /// or that it is known by, or that is usual here.
    static func tunnelSender(_ datagram: Datagram, known: Endpoint?, remote: IPAddress?, meshPort: UInt16) -> Endpoint? {
        let named = datagram.items.lazy.compactMap { item -> Endpoint? in
            guard case .member(let record) = item, record.id.short == datagram.sender else { return nil }
            return record.endpoint
        }.first
        let port = named?.port ?? known?.port ?? meshPort
        guard port > 0 else { return nil }
        if let remote, !remote.isUnspecified { return Endpoint(remote, port: port) }
        return known ?? named
    }
}
