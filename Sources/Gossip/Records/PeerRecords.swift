/// The records that one peer wrote, as far as this peer has them.
struct PeerRecords: Sendable {
    /// The hot report; nil before the first.
    var hot: HotReport?
    /// Its version.
    var hotVersion = RecordVersion.none
    /// When it was made or last confirmed by its writer, on this peer's clock.
    var hotMadeAt = Instant.zero
    /// The writer's cold counters as of that version.
    var coldVersions = ColdVersions()
    /// The `models` record.
    var models: ColdEntry?
    /// The `fixed` record.
    var fixed: ColdEntry?

    /// One cold record.
    subscript(kind: ColdKind) -> ColdEntry? {
        get {
            switch kind {
            case .models: models
            case .fixed: fixed
            }
        }
        set {
            switch kind {
            case .models: models = newValue
            case .fixed: fixed = newValue
            }
        }
    }

    /// The writer has newer cold records than are here.
    var lacksCold: Bool { lacks(coldVersions.models, models) || lacks(coldVersions.fixed, fixed) }

    private func lacks(_ counter: UInt32, _ entry: ColdEntry?) -> Bool {
        counter > 0 && RecordVersion(generation: hotVersion.generation, counter: counter) > entry?.version ?? .none
    }
}
