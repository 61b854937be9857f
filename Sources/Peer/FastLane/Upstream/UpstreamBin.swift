/// The kept connections to one engine or peer, on one event loop.
final class UpstreamBin {
    let key: UpstreamKey
    /// Those that nobody uses, the one used last at the end.
    var connections: [BackHandler] = []
    /// Connections made for it that have not closed.
    var openCount = 0

    init(_ key: UpstreamKey) { self.key = key }
}
