/// Messages of the election (mesh protocol §7.6–§7.8). Each carries what makes a late or repeated one harmless.
public enum LeaseMessage: Hashable, Sendable {
    /// "Would you grant me a lease?" Grants nothing.
    case preVote(round: UInt32)
    /// The answer to `preVote`; `maxEpoch` is the highest epoch that the voter has seen.
    case preVoteReply(round: UInt32, yes: Bool, maxEpoch: UInt64)
    /// Asks for a grant or renews one: valid for `length` from the receipt at the voter, from the sending at the holder.
    case request(epoch: UInt64, round: UInt32, lengthMilliseconds: UInt16)
    /// The voter obeys the sender of round `round` for its length.
    case granted(epoch: UInt64, round: UInt32)
    /// The voter obeys somebody else, for `remainingMilliseconds` at most, or has seen a higher epoch.
    case rejected(epoch: UInt64, round: UInt32, maxEpoch: UInt64, holder: PeerID?, remainingMilliseconds: UInt16)
    /// The holder gives the grants of `epoch` back.
    case release(epoch: UInt64)
    /// The holder gives the grants of `epoch` back and asks to keep them free for `successor`, 500 ms.
    case handOver(epoch: UInt64, successor: PeerID)
}
