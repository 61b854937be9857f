import Gossip

@testable import Mesh

/// The body of a push/pull.
final class SyncSubject: FuzzSubject {
    private var rules = RulesUnderFuzz()

    func feed(_ bytes: [UInt8]) -> String? {
        guard let message = SyncDocument.decode(bytes) else { return nil }
        if let complaint = rules.take(.synced(message, from: RulesUnderFuzz.endpoint(1))) { return complaint }
        let answer = rules.herd.syncMessage(for: message, now: rules.now)
        do {
            _ = try SyncDocument.encode(answer)
            return nil
        } catch {
            return "the answer cannot be written: \(error)"
        }
    }
}
