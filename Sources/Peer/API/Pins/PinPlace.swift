import Gossip
import Health

/// A model on one node, and whether it can be pinned there.
struct PinPlace {
    let member: MemberView
    /// The model by its canonical name.
    let model: String
    /// It is on the node's disk.
    let isStored: Bool
    /// It is in the node's memory.
    let isLoaded: Bool
    /// What it takes in memory, GB.
    let gigabytes: Double
    /// What is free for it, GB: of the GPUs or of the machine, whichever is more.
    let available: Double
    /// What pins may take on that node.
    let budget: PinBudget

    init(_ member: MemberView, model: String, pins: [Pin]) {
        self.member = member
        self.model = model
        isStored = Self.stored(model, on: member) != nil
        isLoaded = Self.loaded(model, on: member) != nil
        gigabytes = Self.gigabytes(model, on: member)
        let gpus = member.hot?.gpus.reduce(0) { $0 + Double($1.freeMiB) } ?? 0
        available = max(gpus, Double(member.hot?.memoryAvailableMiB ?? 0)) / 1_024
        let pinned = pins.filter { $0.node == member.name }.map { ($0.model, Self.gigabytes($0.model, on: member)) }
        budget = PinBudget(
            totalGigabytes: Double(member.fixed?.memoryTotalMiB ?? 0) / 1_024,
            pinned: Dictionary(pinned, uniquingKeysWith: { first, _ in first }))
    }

    private static func stored(_ model: String, on member: MemberView) -> AvailableModel? {
        member.models?.available.first { ModelKey.canonical($0.name) == model }
    }

    private static func loaded(_ model: String, on member: MemberView) -> LoadedModel? {
        member.models?.loaded.first { ModelKey.canonical($0.name) == model }
    }

    private static func gigabytes(_ model: String, on member: MemberView) -> Double {
        PinBudget.estimate(
            measured: loaded(model, on: member).map { Double($0.sizeBytes) / 1e9 },
            weights: Double(stored(model, on: member)?.sizeBytes ?? 0) / 1e9)
    }

    /// Where a model is pinned whose node nobody named: where it is in memory; then where its pin fits; then where most is free.
    static func best(_ places: [PinPlace]) -> PinPlace? {
        places.filter(\.isStored).max { one, other in
            let first = (one.isLoaded ? 1 : 0, one.fits ? 1 : 0, one.available)
            let second = (other.isLoaded ? 1 : 0, other.fits ? 1 : 0, other.available)
            return first == second ? one.member.name > other.member.name : first < second
        }
    }

    private var fits: Bool { budget.admits(model, gigabytes: gigabytes) && (isLoaded || gigabytes <= available) }
}
