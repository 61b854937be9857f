/// Why a name has no address, in the resolver's words.
struct LookupFailure: Error, Hashable {
    var reason: String
}
