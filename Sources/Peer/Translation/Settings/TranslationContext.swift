/// What a translation must be told, since it has no clock, no chance and no list of models.
public struct TranslationContext: Sendable, Hashable {
    /// Seconds since 1970 at which the request was accepted: `created_at` counts from here.
    public var acceptedAtSeconds: Int64
    /// The nanoseconds of that second, 0..<1,000,000,000.
    public var acceptedAtNanoseconds: Int32
    /// Where ids come from that a dialect has none for; a new one for every request.
    public var idSeed: UInt64
    /// The engine's own name of the model, where it differs from what the client asked for.
    public var engineModel: String?
    /// The model can think: false leaves out what an engine would refuse, nil is not known.
    public var modelThinks: Bool?

    /// What is known of a request.
    public init(
        acceptedAtSeconds: Int64, acceptedAtNanoseconds: Int32 = 0, idSeed: UInt64, engineModel: String? = nil,
        modelThinks: Bool? = nil
    ) {
        self.acceptedAtSeconds = acceptedAtSeconds
        self.acceptedAtNanoseconds = acceptedAtNanoseconds
        self.idSeed = idSeed
        self.engineModel = engineModel
        self.modelThinks = modelThinks
    }
}
