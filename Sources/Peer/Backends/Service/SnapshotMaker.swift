import FoundationEssentials
import Gossip

/// Makes snapshots out of what is known of each engine.
struct SnapshotMaker: Sendable {
    /// The part of a snapshot that is worth telling the fleet at once, and the times that are not.
    struct Digest: Sendable {
        var lasting = BackendsSnapshot()
        var expiries: [Int64?] = []

        /// Times alone count when one moved by a minute or more.
        func differs(from other: Digest) -> Bool {
            guard lasting == other.lasting, expiries.count == other.expiries.count else { return true }
            return zip(expiries, other.expiries).contains { pair in
                switch pair {
                case (nil, nil): false
                case (let a?, let b?): abs(a - b) >= 60
                default: true
                }
            }
        }
    }

    let parallelism: Parallelism
    /// Seconds since 1970.
    var wallClock: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }

    /// Ten years: Ollama writes "for ever" as a time in some centuries.
    private static let forever: Int64 = 10 * 365 * 86_400

    func make(_ specs: [BackendSpec], _ states: [String: BackendState]) -> (BackendsSnapshot, Digest) {
        let now = wallClock()
        var snapshot = BackendsSnapshot()
        var digest = Digest()
        for spec in specs {
            let state = states[spec.id]
            let facts = state?.facts ?? EngineFacts()
            let slots = parallelism.slots(spec, engineSays: facts.slots, process: facts.process)
            let reachable = state?.reachable ?? false
            snapshot.report.backends.append(
                BackendReport(
                    id: spec.id, kind: spec.kind, version: facts.version, reachable: reachable, slotsPerModel: slots.count,
                    problem: reachable ? nil : state?.problem?.text ?? "It was not asked yet.",
                    isOutside: spec.address.isSecure ? true : nil,
                    slotsSource: SlotOrigin(source: slots.source).rawValue))
            snapshot.targets.append(
                BackendTarget(
                    id: spec.id, kind: spec.kind, address: spec.address, reachable: reachable, slotsPerModel: slots.count,
                    slotsSource: slots.source, busySlots: facts.busySlots, version: facts.version,
                    engineNames: names(facts), access: spec.access))
            snapshot.report.available += facts.available
            for loaded in facts.loaded {
                let left = loaded.expiresAt.map { $0 - now }
                let lasts = left.map { $0 > Self.forever } ?? true
                var model = loaded.model
                model.expiresInSeconds = lasts ? nil : left.map { Int(max(0, $0)) }
                snapshot.report.loaded.append(model)
                digest.expiries.append(lasts ? nil : loaded.expiresAt)
            }
        }
        digest.lasting = snapshot
        for index in digest.lasting.report.loaded.indices { digest.lasting.report.loaded[index].expiresInSeconds = nil }
        for index in digest.lasting.targets.indices { digest.lasting.targets[index].busySlots = nil }
        return (snapshot, digest)
    }

    private func names(_ facts: EngineFacts) -> [String: String] {
        var names = facts.aliases
        // Of two names that differ only in upper and lower case the first counts; a model's own name goes before an alias.
        for model in facts.available.reversed() { names[ModelKey.canonical(model.name)] = model.name }
        return names
    }
}
