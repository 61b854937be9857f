public import Gossip

/// Which machine a model is pulled to, pushed from or made on: those with an Ollama, best first.
///
/// A machine that the client names is the only one. To pull, machines that have the model already go first (they renew it), then
/// those with more memory free. To push or to make a model, only machines that have what is needed can.
public struct Placement: Sendable {
    /// What is to be done.
    public enum Purpose: Hashable, Sendable {
        /// The model comes from a registry.
        case pull
        /// The model goes to a registry.
        case push
        /// The model is made out of another, or of nothing that any machine has.
        case create(from: String?)
    }

    /// What is to be done.
    public let purpose: Purpose
    /// The model, as the client wrote it.
    public let model: String
    /// The machine that the client named, by name or id; nil for any.
    public let node: String?
    /// The machine that goes first where it can do it at all: it has the files that a model is made of.
    public var preferred: PeerID?
    /// Machines that failed already.
    public var excluded: [PeerID] = []

    /// A wish.
    public init(_ purpose: Purpose, model: String, node: String?) {
        self.purpose = purpose
        self.model = model
        self.node = node
    }

    /// The machine that the client named; nil when there is none of this name.
    public func named(in view: FleetView) -> MemberView? {
        node.flatMap { node in
            view.members.first { $0.name == node }
                ?? view.members.first { $0.isNamed(node) }
        }
    }

    /// The machines in question, best first; equal ones in the order of their ids.
    public func rank(_ view: FleetView) -> Ranking {
        var found: [(candidate: Candidate, holds: Bool, isCritical: Bool, freeMiB: UInt32)] = []
        var eliminated: [(peer: PeerID, reason: Elimination)] = []
        let only = named(in: view)
        var isKnown = needed == nil
        for member in view.members where node == nil || member.id == only?.id {
            let holds = member.hasInOllama(needed ?? model)
            isKnown = isKnown || holds
            if let reason = obstacle(member, holds: holds) {
                eliminated.append((member.id, reason))
            } else if let backend = member.ollama {
                let candidate = Candidate(
                    peer: member.id, servedModel: model, backend: backend.id, backendKind: backend.kind, signals: Signals(),
                    recordVersion: member.hotVersion, recordAge: .zero, ownDelta: 0)
                let isCritical = member.hot?.pressure == .critical
                found.append((candidate, holds, isCritical, member.hot?.memoryAvailableMiB ?? 0))
            }
        }
        found.sort { first, second in
            let isPreferred = first.candidate.peer == preferred
            if isPreferred != (second.candidate.peer == preferred) { return isPreferred }
            if first.holds != second.holds { return first.holds }
            if first.isCritical != second.isCritical { return second.isCritical }
            if first.freeMiB != second.freeMiB { return first.freeMiB > second.freeMiB }
            return first.candidate.peer < second.candidate.peer
        }
        return Ranking(candidates: found.map(\.candidate), eliminated: eliminated, modelKnown: isKnown)
    }

    /// The model without which a machine cannot do it.
    private var needed: String? {
        switch purpose {
        case .pull: nil
        case .push: model
        case .create(let from): from
        }
    }

    private func obstacle(_ member: MemberView, holds: Bool) -> Elimination? {
        switch member.status {
        case .left: return .left
        case .unreachable, .asleep: return .unreachable
        case .alive, .suspect: break
        }
        if excluded.contains(member.id) { return .excluded }
        if member.hot?.draining == true { return .draining }
        if member.ollama == nil { return .noBackend }
        return needed == nil || holds ? nil : .modelMissing
    }
}
