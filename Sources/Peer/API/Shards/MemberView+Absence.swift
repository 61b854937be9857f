import Foundation
import Gossip

/// What is said of a member that a question for the whole fleet does not reach.
extension MemberView {
    /// Why it is not even asked; nil where it is.
    var absence: String? {
        switch status {
        case .alive, .suspect: nil
        case .unreachable: "it cannot be reached"
        case .asleep: "it sleeps"
        case .left: "it left"
        }
    }

    /// When it was last heard, seconds since 1970; nil for never.
    func lastSeen(now: Instant) -> Double? {
        lastHeard.map { Date().timeIntervalSince1970 - max(0, Double((now - $0).wholeMilliseconds) / 1_000) }
    }
}
