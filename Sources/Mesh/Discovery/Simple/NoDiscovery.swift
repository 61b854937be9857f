/// Discovery that finds nobody: `--no-mdns`.
public struct NoDiscovery: Discovering {
    /// Ends at once.
    public var events: AsyncStream<DiscoveryEvent> { AsyncStream { $0.finish() } }
    /// Always `off`.
    public var state: DiscoveryState { .off }

    /// Makes one.
    public init() {}

    /// Waits for cancellation.
    public func run() async {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        await withTaskCancellationHandler {
            for await _ in stream {}
        } onCancel: {
            continuation.finish()
        }
    }

    /// Does nothing.
    public func reannounce() {}
}
