public import Outbound

/// Finds out whether an Ollama runs at an address, and watches it come and go. For starting without any configuration.
public struct BackendFinder: Sendable {
    private let caller: EngineCaller

    /// A finder for an address, by default `http://127.0.0.1:11434`.
    public init(
        client: OutboundClient, address: BackendAddress = BackendSpec.usualOllama.address, timeout: Duration = .seconds(2)
    ) {
        caller = EngineCaller(client: client, address: address, timeout: timeout)
    }

    /// An Ollama answers there now, and no herd-peer.
    public func isPresent() async -> Bool {
        guard (try? await caller.get("/api/version").decoded(OllamaAnswers.Version.self)) != nil else { return false }
        return (try? await PeerCheck.refusePeer(with: caller)) != nil
    }

    /// Whether an Ollama is there: once at the start, then whenever it comes or goes. It is gone after two looks without an
    /// answer.
    public func watch(every interval: Duration = .seconds(2)) -> AsyncStream<Bool> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let watcher = Task {
                var last: Bool?
                var misses = 0
                while !Task.isCancelled {
                    let present = await isPresent()
                    misses = present ? 0 : misses + 1
                    if Task.isCancelled { break }
                    if present != last, present || last == nil || misses >= 2 {
                        last = present
                        continuation.yield(present)
                    }
                    try? await Task.sleep(for: interval)
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in watcher.cancel() }
        }
    }
}
