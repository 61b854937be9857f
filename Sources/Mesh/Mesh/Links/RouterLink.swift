import Gossip
import NIOCore
import NIOHTTP1
import NIOPosix

/// The one TCP connection that this peer keeps to its router: how it learns at once that the router's process has ended (§7.8).
///
/// Proof needs both: a connection on which the router had named itself was ended by its host (FIN or RST), and a new one is
/// refused. Silence, time-outs and unreachable hosts prove nothing. Confined to the mesh's event loop.
final class RouterLink {
    /// Whom to watch, and where.
    struct Target: Hashable {
        var id: PeerID
        var endpoint: Endpoint
    }

    private enum Attempt {
        /// Nothing is known of the target yet: a refusal means nothing.
        case first
        /// A connection that had worked has ended: a refusal is the proof. Counts tries that were accepted and cut again.
        case proof(cut: Int)
    }

    static let connectTimeout: Duration = .seconds(1)
    /// The first ones are short: a router just elected may not know this peer's certificate yet, and until the link stands its
    /// death would be noticed only when its lease runs out.
    static let retries: [Duration] = [
        .milliseconds(100), .milliseconds(400), .seconds(2), .seconds(4), .seconds(8), .seconds(16), .seconds(30),
    ]
    /// Between two reconnections without delay: a server that closes after every answer must not make a loop.
    static let calmSpacing: Duration = .seconds(5)

    private let loop: any EventLoop
    private let clock: any MeshClock
    private let security: LinkSecurity?
    private let token: () -> String
    private let died: (PeerID) -> Void
    private var target: Target?
    /// Counts up with every change, so that late results of older attempts are ignored.
    private var round = 0
    private var watch: RouterWatch?
    private var failures = 0
    private var lastProofAttempt: Instant?

    /// With `security` the connection is TLS and only the router's own certificate counts. `token` gives what the calls show.
    init(
        loop: any EventLoop, clock: any MeshClock, security: LinkSecurity? = nil, token: @escaping () -> String = { "" },
        died: @escaping (PeerID) -> Void
    ) {
        self.loop = loop
        self.clock = clock
        self.security = security
        self.token = token
        self.died = died
    }

    /// A connection on which the router has named itself is open.
    var isVerified: Bool { watch?.isVerified ?? false }

    /// Watches `new` instead of what was watched before; nil watches nobody.
    func follow(_ new: Target?) {
        guard new != target else { return }
        round += 1
        target = new
        failures = 0
        lastProofAttempt = nil
        watch?.close()
        watch = nil
        if new != nil { connect(.first) }
    }

    /// This machine's address has changed: what is open goes nowhere any more, and its end proves nothing.
    func renew() {
        guard let old = target else { return }
        follow(nil)
        follow(old)
    }

    private func connect(_ attempt: Attempt) {
        guard let target else { return }
        let round = self.round
        let watch = RouterWatch(expected: target.id, host: AddressText.format(target.endpoint), token: token()) {
            [weak self] watch, end in
            self?.ended(watch, end, attempt, round)
        }
        let bound = NIOLoopBound(watch, eventLoop: loop)
        let security = self.security
        ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(Self.connectTimeout))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(security?.clientHandlers(for: target.id) ?? [])
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(bound.value)
                }
            }
            .connect(to: target.endpoint.socketAddress)
            .assumeIsolated()
            .whenComplete { [weak self] result in
                guard let self, round == self.round else { return watch.close() }
                switch result {
                case .success: self.watch = watch
                case .failure(let error): self.failed(LinkFailure(error), attempt)
                }
            }
    }

    private func failed(_ failure: LinkFailure, _ attempt: Attempt) {
        if case .proof = attempt, failure == .refused, let target { died(target.id) }
        // A dying process's listener may also reset what it had not taken yet.
        if case .proof(let cut) = attempt, failure == .closed, cut < 5 {
            return schedule(after: .milliseconds(50), .proof(cut: cut + 1))
        }
        later(.first)
    }

    private func ended(_ watch: RouterWatch, _ end: RouterWatch.End, _ attempt: Attempt, _ round: Int) {
        guard round == self.round else { return }
        self.watch = nil
        guard end == .byPeer else { return later(.first) }
        if watch.isVerified {
            failures = 0
            let now = clock.boot()
            let calm = lastProofAttempt.map { now - $0 >= Self.calmSpacing } ?? true
            lastProofAttempt = now
            calm ? connect(.proof(cut: 0)) : later(.proof(cut: 0))
        } else if case .proof(let cut) = attempt, cut < 5 {
            // A dying process's listener may still take a connection that nobody will serve.
            schedule(after: .milliseconds(50), .proof(cut: cut + 1))
        } else {
            later(.first)
        }
    }

    private func later(_ attempt: Attempt) {
        let delay = Self.retries[min(failures, Self.retries.count - 1)]
        failures += 1
        schedule(after: delay, attempt)
    }

    private func schedule(after delay: Duration, _ attempt: Attempt) {
        let round = self.round
        loop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) { [weak self] in
            guard let self, round == self.round else { return }
            self.connect(attempt)
        }
    }
}
