import Foundation
import Hummingbird
import NIOCore
import Store

/// `GET /api/usage-stream`: what runs and what was counted, at once and then at every change, by server-sent events. A comment
/// keeps a quiet connection alive. Tokens of the fleet are summed every few seconds, not at every look.
struct UsageStream: Sendable {
    let facts: PeerFacts
    /// How often is looked.
    var pause = Duration.milliseconds(500)
    /// Looks from one sum of tokens to the next.
    var looksPerSum = 10
    /// Looks without a change until a comment is sent.
    var looksPerComment = 30

    var body: ResponseBody {
        ResponseBody { writer in
            var shown: UsageBody?
            var totals: [Counted] = []
            var quiet = 0
            var look = 0
            // A peer that stops does not wait for those who watch.
            while !Task.isCancelled, !facts.isStopping() {
                let work = facts.work()
                if look % looksPerSum == 0 { totals = await sum() ?? totals }
                look += 1
                let now = UsageBody(work: work, view: facts.view(), totals: totals)
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

    /// Nil when nobody can tell: then the last sum holds.
    private func sum() async -> [Counted]? {
        try? await NomyoTokens(memory: FleetMemory(facts), isLocal: false).totals().rows
    }

    private static func text(_ body: UsageBody) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return (try? encoder.encode(body)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}
