/// Messages of the election (mesh protocol §7.6–§7.8). Each carries what makes a late or repeated one harmless.
public enum LeaseMessage: Hashable, Sendable {
    /// "Would you grant me a lease?" Grants nothing.
    case preVote(round: UInt32)
    /// The answer to `preVote`; `maxEpoch` is the highest epoch that the voter has seen.
    case preVoteReply(round: UInt32, yes: Bool, maxEpoch: UInt64)
    /// Asks for a grant or renews one: valid for `length` from the receipt at the voter, from the sending at the holder.
    case request(epoch: UInt64, round: UInt32, lengthMilliseconds: UInt16)
    /// The voter obeys the sender of round `round` for its length; `roster` is the digest of the roster that it goes by.
    case granted(epoch: UInt64, round: UInt32, roster: UInt64 = 0, moves: UInt32 = 0)
    /// The voter obeys somebody else, for `remainingMilliseconds` at most, or has seen a higher epoch. A voter that names itself
    /// gives its grant back: with 0 because it leaves, with 1 because it falls asleep.
    case rejected(epoch: UInt64, round: UInt32, maxEpoch: UInt64, holder: PeerID?, remainingMilliseconds: UInt16)
    /// The holder gives the grants of `epoch` back.
    case release(epoch: UInt64)
    /// The holder gives the grants of `epoch` back and asks to keep them free for `successor`, 500 ms.
    case handOver(epoch: UInt64, successor: PeerID)
    /// The router's roster to a peer that follows it, or that peer's own in answer.
    case roster(RosterNews)
}
