/// Why a machine cannot serve a request, in the order of the checks (herd-compat §6.2).
public enum Elimination: String, Hashable, Sendable, Codable {
    case unreachable
    case left
    case excluded
    case draining
    case noBackend = "no_backend"
    case memoryCritical = "memory_critical"
    case unavailable
    case modelMissing = "model_missing"
    case wrongDialect = "wrong_dialect"
    case missingCapability = "missing_capability"
    case doesNotFit = "does_not_fit"
    case suspect
}
