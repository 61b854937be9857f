/// What one event changed: each is told once, at its end.
struct Changes: Sendable {
    /// The lease rules have not seen the current view.
    var leaseView = false
    /// Anything that a `FleetView` shows.
    var view = false
    /// Anything that is kept on disk of other peers.
    var remember = false
}
