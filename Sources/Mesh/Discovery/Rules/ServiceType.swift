/// The DNS-SD service types that herd-peer uses; at most 15 characters between `_` and `._tcp` (RFC 6763 §7.2).
enum ServiceType {
    /// What peers announce and browse.
    static let peer = "_herd-peer._tcp"
    /// What the doctor announces for a moment to see whether announcing works. Nobody browses it.
    static let doctor = "_herd-doctor._tcp"
}
