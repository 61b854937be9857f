import Gossip

/// What a probe found out about an engine.
struct EngineFacts: Hashable, Sendable {
    /// A model in memory, with the time at which the engine drops it.
    struct Loaded: Hashable, Sendable {
        var model: LoadedModel
        /// Seconds since 1970; nil for never or unknown.
        var expiresAt: Int64?
    }

    /// Its version as it says it.
    var version = ""
    /// Models in memory, sorted by name.
    var loaded: [Loaded] = []
    /// Models that can be asked for, as the engine sorts them.
    var available: [AvailableModel] = []
    /// Further names of models: canonical name → the engine's name.
    var aliases: [String: String] = [:]
    /// Requests at once for one model, where the engine says so.
    var slots: Int?
    /// The same where only its process says it.
    var process: SlotFinding?
    /// Of these, how many are busy.
    var busySlots: Int?
}
