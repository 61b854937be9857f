/// When a model in memory may answer for one that is not, though nobody named it (`FLEET_VRAM_FALLBACK`, herd-compat §6.4).
///
/// Capabilities are never crossed: the other model must be listed with everything that the request needs. Embeddings of another
/// model are of no use to anybody, so they have no substitutes.
public enum Substitution: String, Hashable, Sendable, CaseIterable {
    /// Never.
    case never
    /// Where the model fits into no machine's memory now.
    case unservable
    /// Also where a machine would have to load it, or load it anew for a larger context.
    case always
}
