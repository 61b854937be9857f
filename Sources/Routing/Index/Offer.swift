import Gossip

/// One engine of one machine that has the model: what of it does not depend on load or request. It holds no references, so it
/// copies at no cost; its names stand apart.
struct Offer: Sendable {
    /// Who offers, needed only for machines that come through.
    struct Names: Sendable {
        var model: String
        var backend: String
    }

    let kind: BackendKind
    let reachable: Bool
    let loaded: Bool
    let abilities: Abilities
    /// Context in memory, tokens; 0 for unknown or not loaded.
    let context: Int
    /// The context that it was trained for, tokens; 0 for unknown.
    let trained: Int
    /// What loading it takes, bytes; always above 0.
    let weightBytes: Double
    let roleAffinity: Double
    /// What a request takes before there is history, milliseconds.
    let coldStartMilliseconds: Double

    /// `elsewhereBytes` is the size that another machine reports for this model.
    init(_ model: ListedModel, of member: MemberView, elsewhereBytes: Double?, formulas: Formulas) {
        kind = model.backend.kind
        reachable = model.backend.reachable
        loaded = model.loaded
        abilities = model.abilities
        context = model.loaded ? model.context : 0
        trained = model.trained
        weightBytes =
            model.reportedBytes > 0
            ? model.reportedBytes
            : ModelSize.estimateBytes(name: model.name, parameterSize: model.parameterSize) ?? elsewhereBytes
                ?? ModelSize.unknownBytes
        let bandwidth = Machine.bandwidth(of: member)
        let sizeGB = weightBytes / 1e9
        roleAffinity = formulas.roleAffinity(
            sizeGB: sizeGB, bandwidth: bandwidth, memoryTotalGiB: Double(member.fixed?.memoryTotalMiB ?? 0) / 1024)
        coldStartMilliseconds = formulas.coldStartMilliseconds(sizeGB: sizeGB, bandwidth: bandwidth)
    }

    /// The order of a machine's own offers: loaded first, then small weights, else nil.
    func isPreferred(to other: Offer) -> Bool? {
        if loaded != other.loaded { return loaded }
        return weightBytes == other.weightBytes ? nil : weightBytes < other.weightBytes
    }

    /// The first check that fails, in the order of `Elimination`.
    func firstFailure(on machine: Machine, for request: RouteRequest) -> OfferCheck {
        if !reachable { return .noBackend }
        if machine.critical && !loaded { return .memoryCritical }
        if machine.unavailable { return .unavailable }
        if request.needsOllama && !kind.speaksOllama { return .wrongDialect }
        if !abilities.areServed(request) { return .wrongDialect }
        if !abilities.allow(request) { return .missingCapability }
        if loaded { return .passes }
        switch machine.room.fit(cost: weightBytes) {
        case .free, .unknown: return .passes
        case .squeezed: return .squeezes
        case .none: return .doesNotFit
        }
    }
}

/// How far an offer gets through the checks; later is further.
enum OfferCheck: Int, Comparable {
    case noBackend
    case memoryCritical
    case unavailable
    case wrongDialect
    case missingCapability
    case doesNotFit
    /// It fits only with memory that others use, or partly outside the GPU.
    case squeezes
    case passes

    /// Why a machine is out whose best offer stops here.
    var elimination: Elimination {
        switch self {
        case .noBackend: .noBackend
        case .memoryCritical: .memoryCritical
        case .unavailable: .unavailable
        case .wrongDialect: .wrongDialect
        case .missingCapability: .missingCapability
        case .doesNotFit, .squeezes, .passes: .doesNotFit
        }
    }

    static func < (a: OfferCheck, b: OfferCheck) -> Bool { a.rawValue < b.rawValue }
}
