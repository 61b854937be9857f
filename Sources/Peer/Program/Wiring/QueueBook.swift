import API
import Foundation
import Gossip

/// What other peers say of their queues, asked anew at most twice a second whoever asks.
actor QueueBook {
    typealias Ask = @Sendable (_ peer: PeerID) async throws -> (status: Int, body: [UInt8])

    /// How old an answer may be.
    static let freshness = Duration.milliseconds(500)
    /// How long a peer is waited for: people look at the page.
    static let patience = Duration.milliseconds(700)
    /// A peer that did not answer is left alone for so long: it may be stopped, and each try costs the whole patience.
    static let pause = Duration.seconds(5)
    /// Peers that are asked; a larger fleet's others are told of by their reports.
    static let peerLimit = 64
    static let path = "/herd/v1/queue"

    private let view: @Sendable () -> FleetView
    private let ask: Ask
    private var last: (others: QueueFacts.Others, at: ContinuousClock.Instant)?
    private var current: Task<QueueFacts.Others, Never>?
    private var silentUntil: [PeerID: ContinuousClock.Instant] = [:]

    init(view: @escaping @Sendable () -> FleetView, ask: @escaping Ask) {
        self.view = view
        self.ask = ask
    }

    /// The others' parts; many who ask at once cause one round of questions.
    func others() async -> QueueFacts.Others {
        if let last, ContinuousClock.now - last.at < Self.freshness { return last.others }
        if let current { return await current.value }
        let round = Task { await askAll() }
        current = round
        let others = await round.value
        current = nil
        return others
    }

    private func askAll() async -> QueueFacts.Others {
        let view = view()
        let now = ContinuousClock.now
        silentUntil = silentUntil.filter { $0.value > now }
        let reachable = view.members.filter { $0.id != view.selfID && ($0.status == .alive || $0.status == .suspect) }
        let asked = reachable.filter { silentUntil[$0.id] == nil }.prefix(Self.peerLimit)
        let answers = await withTaskGroup(of: (MemberView, QueueShare?).self) { [ask] group in
            for member in asked { group.addTask { (member, await Self.share(of: member, ask)) } }
            return await group.reduce(into: [(MemberView, QueueShare?)]()) { $0.append($1) }
        }
        var others = QueueFacts.Others()
        for (member, share) in answers.sorted(by: { $0.0.id < $1.0.id }) {
            if let share {
                others.shares.append(share)
            } else {
                silentUntil[member.id] = ContinuousClock.now + Self.pause
            }
        }
        let told = Set(others.shares.map(\.node))
        others.silent = reachable.map(\.name).filter { !told.contains($0) }
        last = (others, ContinuousClock.now)
        return others
    }

    /// Under the name by which this peer knows it, whatever it calls itself.
    private static func share(of member: MemberView, _ ask: Ask) async -> QueueShare? {
        guard let answer = try? await ask(member.id), answer.status == 200,
            var share = try? JSONDecoder().decode(QueueShare.self, from: Data(answer.body))
        else { return nil }
        share.node = member.name
        if share.waiting.count > QueueShare.waitingLimit {
            share.waiting.removeLast(share.waiting.count - QueueShare.waitingLimit)
        }
        return share
    }
}
