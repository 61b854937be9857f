import Gossip

/// Per model, what every machine offers: the parts of scoring that change only with models and fixed reports, not with load.
struct ModelIndex: Sendable {
    /// What the tables were built from, in the order of ids.
    private let sources: [Source]
    /// The tables. They are only looked up, never walked.
    private(set) var tables: [ModelKey: ModelTable] = [:]
    /// What each machine's engines can give up.
    let evictable: [[EvictableModel]]
    /// Models in memory that may answer for others.
    let loaded: [LoadedChoice]

    private struct Source: Sendable {
        var id: PeerID
        var models: ModelsReport?
        var fixed: StaticReport?
    }

    /// Tables of `members`, which are sorted by id.
    init(members: [MemberView], formulas: Formulas) {
        sources = members.map { Source(id: $0.id, models: $0.models, fixed: $0.fixed) }
        evictable = members.map { EvictableModel.all(in: $0.models) }
        let listed = members.map { ListedModel.all(in: $0.models) }
        loaded = LoadedChoice.all(listed)
        var sizes: [ModelKey: Double] = [:]
        for model in listed.joined() where model.reportedBytes > 0 && sizes[model.key] == nil {
            sizes[model.key] = model.reportedBytes
        }
        for (place, models) in listed.enumerated() {
            let member = members[place]
            for model in models {
                let offer = Offer(model, of: member, elsewhereBytes: sizes[model.key], formulas: formulas)
                let names = Offer.Names(model: model.name, backend: model.backend.id)
                tables[model.key, default: ModelTable(machines: members.count)].add(offer, names, of: place)
            }
        }
    }

    /// The tables would come out the same for `members`. Reports that were not replaced share their storage, so this is quick.
    func stillHolds(for members: [MemberView]) -> Bool {
        guard members.count == sources.count else { return false }
        for (member, source) in zip(members, sources) {
            guard member.id == source.id, member.models == source.models, member.fixed == source.fixed else { return false }
        }
        return true
    }
}
