internal import NIOHTTP1
internal import Routing

extension LaneRequest {
    // MARK: May another model answer? (herd-compat §1.2, §6.4)

    /// `X-Fleet-No-Fallback` wins over the body's `fallback`; nil when the client says nothing.
    private var wishForFallback: Bool? {
        if head.has(.fleet), let strict = head.first(name: "x-fleet-no-fallback")?.lowercased() {
            if ["1", "true", "yes", "on"].contains(strict) { return false }
            if ["0", "false", "no", "off"].contains(strict) { return true }
        }
        return scan.fallbackAllowed
    }

    /// Another model may answer where the client or somebody else named it.
    var fallbackAllowed: Bool { wishForFallback ?? true }

    /// Whether a model may answer that nobody named: as the client wants it, else as it is configured.
    func allowSubstitutes() {
        query.wantsThoughts = scan.places.thinks == true
        query.fillsIn = scan.places.fillsIn
        query.substitution =
            switch wishForFallback {
            case true?: .always
            case false?: .never
            case nil: limits.substitution
            }
    }
}
