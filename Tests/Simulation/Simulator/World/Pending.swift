import Gossip

/// Something on its way.
enum Pending {
    case datagram(Datagram, from: Int, to: Int)
    /// The first half of a TCP exchange, and the process that began it.
    case syncRequest(SyncMessage, from: Int, generation: UInt32, to: Int)
    case syncAnswer(SyncMessage, from: Int, to: Int, generation: UInt32)
    case syncFailed(Endpoint, at: Int, generation: UInt32)
    /// A datagram inside a peer link.
    case tunnelled(Datagram, from: Int, generation: UInt32, to: Int)
    case tunnelFailed(Endpoint, at: Int, generation: UInt32)
    case command(epoch: UInt64, router: PeerID, to: Int)
    case candidate(of: Int, to: Int, generation: UInt32)
    case fault(Fault)
    case endPartition([(Int, Int)])
    case comeBack(Int, episode: Int, noticed: Bool)
    case start(Int, episode: Int)
    case exit(Int, episode: Int)
    case restoreStorage(Int)
    case deathProof(of: Int, to: Int, generation: UInt32, sound: Bool)
    case issueCommand
    case report(Int)
}
