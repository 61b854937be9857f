/// What the asked peer is configured to do, as far as checks need it.
public struct HealthSettings: Sendable {
    /// A vendor's model name and the model that answers for it.
    public struct Mapping: Hashable, Sendable {
        /// The vendor's name, or `default`.
        public var name: String
        /// The model.
        public var model: String

        /// A line of the map.
        public init(name: String, model: String) {
            self.name = name
            self.model = model
        }
    }

    /// `FLEET_NUM_CTX_OVERRIDES` by canonical model name.
    public var contextOverrides: [String: Int] = [:]
    /// `FLEET_ANTHROPIC_MODEL_MAP`, in the order of the names.
    public var mappings: [Mapping] = []
    /// The fleet is searched for a model that answers for a vendor's name.
    public var routesVendorsNames = true
    /// mDNS was not switched off.
    public var usesMDNS = true
    /// Models that should stay loaded, by node.
    public var pins: [String: [String]] = [:]

    /// The defaults.
    public init() {}
}
