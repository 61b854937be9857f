import Foundation
import Hummingbird
import NIOCore

/// `GET /api/usage-stream`: what runs and what was counted, at once and then at every change, by server-sent events. A comment
/// keeps a quiet connection alive.
struct UsageStream: Sendable {
    let facts: PeerFacts
    /// How often is looked; tokens are summed less often than that.
    var pause = Duration.milliseconds(500)
    /// Looks from one sum of tokens to the next.
    var looksPerSum = 10
    /// Looks without a change until a comment is sent.
    var looksPerComment = 30

    var body: ResponseBody {
        ResponseBody { writer in
            var shown: UsageBody?
            var totals: [TokenFacts.Total] = []
            var quiet = 0
            var look = 0
            while !Task.isCancelled {
                if look % looksPerSum == 0 { totals = (try? await facts.tokens.totals()) ?? totals }
                look += 1
                let now = UsageBody(work: facts.work(), totals: totals)
                if now != shown {
                    shown = now
                    quiet = 0
                    try await writer.write(ByteBuffer(string: "data: \(Self.text(now))\n\n"))
                } else {
                    quiet += 1
                    if quiet % looksPerComment == 0 { try await writer.write(ByteBuffer(string: ": still here\n\n")) }
                }
                try await Task.sleep(for: pause)
            }
            try await writer.finish(nil)
        }
    }

    private static func text(_ body: UsageBody) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return (try? encoder.encode(body)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}
