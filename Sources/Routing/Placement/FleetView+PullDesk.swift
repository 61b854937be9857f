public import Gossip

extension FleetView {
    /// The one peer that decides on pulls of models that requests asked for: the router; without one the living peer with the
    /// smallest id, which all peers of equal views agree on.
    public var pullDesk: PeerID {
        if let router, let member = member(router.id), member.status == .alive || member.id == selfID { return router.id }
        return members.first { $0.status == .alive }?.id ?? selfID
    }

    /// Where to pull a model to that nobody has, best first: machines with an Ollama and memory, those with most of it free first.
    public func pullTargets(_ model: String) -> [PeerID] {
        Placement(.pull, model: model, node: nil).rank(self).candidates.map(\.peer)
            .filter { member($0)?.hot?.pressure != .critical }
    }

    /// Some machine that answers has the model in its Ollama.
    public func hasInOllama(_ model: String) -> Bool {
        members.contains { ($0.status == .alive || $0.id == selfID) && $0.ollama != nil && $0.hasInOllama(model) }
    }
}
