import Gossip

/// Two alive peers with one display name (two laptops called `ubuntu`): the second takes a suffix and keeps it.
///
/// First is who has had the name longer by what both published; within two seconds, who has the lower id.
struct NameClash {
    /// What another alive peer says of its name.
    struct Claim: Equatable {
        var id: PeerID
        var name: String
        var heldSeconds: Int?
    }

    enum Verdict: Equatable {
        case none
        /// Publish for how long this peer has had its name, so that both can compare.
        case publishClaim(with: PeerID)
        /// Take the suffix.
        case yield(to: PeerID)
    }

    static let tolerance = 2

    /// What to do about `name`, which this peer has published with `heldSeconds`.
    static func judge(name: String, selfID: PeerID, heldSeconds: Int?, others: [Claim]) -> Verdict {
        let rivals = others.filter { $0.name == name && $0.id != selfID }
        guard let first = rivals.first else { return .none }
        guard let mine = heldSeconds else { return .publishClaim(with: first.id) }
        for rival in rivals {
            guard let theirs = rival.heldSeconds else { continue }
            let lead = theirs.subtractingReportingOverflow(mine).partialValue
            if lead > tolerance || (lead >= -tolerance && rival.id < selfID) { return .yield(to: rival.id) }
        }
        return .none
    }

    /// The name of the second: `NAME-` and the first four digits of its id.
    static func suffixed(_ name: String, _ id: PeerID) -> String { "\(name)-\(id.shortHex.prefix(4))" }
}
