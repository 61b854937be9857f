import Gossip
import Synchronization

/// Which peer has which certificate, for all threads. Two sources: the member records, and hellos that were just checked.
final class PinTable: Sendable {
    /// Certificates learnt by hello that are kept until the member records have them.
    static let learntLimit = 1_024

    private struct State {
        var members: [PeerID: [UInt8]] = [:]
        var learnt: [PeerID: [UInt8]] = [:]
        var revoked: Set<PeerID> = []
    }

    private let state = Mutex(State())

    /// The certificate of a peer; nil when it is not known, or the peer was shut out. A hello is newer than a record.
    func pin(of peer: PeerID) -> [UInt8]? {
        state.withLock { state in
            state.revoked.contains(peer) ? nil : state.learnt[peer] ?? state.members[peer]
        }
    }

    /// What the member records say now. What a hello said is dropped once a record agrees.
    func replace(members: [PeerID: [UInt8]]) {
        state.withLock { state in
            state.members = members
            state.learnt = state.learnt.filter { members[$0.key] != $0.value }
        }
    }

    /// A hello has shown that this peer has this certificate.
    func learn(_ pin: [UInt8], of peer: PeerID) {
        state.withLock { state in
            if state.learnt.count >= Self.learntLimit, state.learnt[peer] == nil { state.learnt = [:] }
            state.learnt[peer] = pin
        }
    }

    func revoke(_ peers: Set<PeerID>) {
        state.withLock { $0.revoked = peers }
    }
}
