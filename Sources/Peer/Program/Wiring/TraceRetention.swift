import Foundation
import Logging
import ServiceLifecycle
import Store

/// Removes old traces once an hour, so that the shard stays small.
struct TraceRetention: Service {
    let shard: Shard
    /// Asked at every look: the fleet may change it.
    let days: @Sendable () -> Int
    /// Of the shard's file.
    let maximumBytes: Int64
    let logger: Logger

    /// Rows beyond these go too, the oldest first.
    static let maximumRows = 1_000_000

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let oldest = Date().timeIntervalSince1970 - Double(days()) * 86_400
                do {
                    _ = try await shard.retention(olderThan: oldest, maxRows: Self.maximumRows, maxBytes: maximumBytes)
                } catch {
                    logger.warning("Old traces could not be removed", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: .seconds(3_600))
            }
        }
    }
}
