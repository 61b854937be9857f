/// A datagram is dropped.
struct DropFailure: Error, Hashable {
    var reason: DropReason

    init(_ reason: DropReason) { self.reason = reason }
}
