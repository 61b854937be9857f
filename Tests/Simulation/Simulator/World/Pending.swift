import Gossip

/// Something on its way.
enum Pending {
    case datagram(Datagram, from: Int, to: Int)
    /// A slow machine comes to what arrived a while ago.
    case handled(Datagram, from: Int, to: Int, generation: UInt32)
    /// A datagram inside a peer link: asked for by the sender, or an answer to such a one.
    case tunnelled(Datagram, from: Int, to: Int, isAnswer: Bool)
    case tunnelFailed(Endpoint, at: Int, generation: UInt32)
    /// The first half of a TCP exchange, and the process that began it.
    case syncRequest(SyncMessage, from: Int, generation: UInt32, to: Int)
    case syncAnswer(SyncMessage, from: Int, to: Int, generation: UInt32)
    case syncFailed(Endpoint, at: Int, generation: UInt32)
    case command(epoch: UInt64, router: PeerID, to: Int)
    case candidate(of: Int, to: Int, generation: UInt32)
    case fault(Fault)
    case endOfFault(Fault)
    case endPartition([(Int, Int)])
    case cutAgain([(Int, Int)], lasts: Int64)
    case crashAgain(Int, episode: Int, times: Int, gap: Int64)
    case fallAsleep(Int, episode: Int, lasts: Int64)
    case comeBack(Int, episode: Int, noticed: Bool)
    case start(Int, episode: Int)
    case exit(Int, episode: Int)
    case deathProof(PeerID, of: Int, to: Int, generation: UInt32, sound: Bool)
    case issueCommand
    case report(Int)
    case request(RequestStep)
}
