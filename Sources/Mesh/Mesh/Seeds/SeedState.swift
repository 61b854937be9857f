public import Gossip

/// How it stands with one `--router-url`.
public enum SeedState: Hashable, Sendable {
    /// The peer behind it is an alive member.
    case joined(PeerID, name: String)
    /// It is tried again at `nextTry`; `lastError` says why the last try failed, nil before the first.
    case dialling(lastError: String?, nextTry: Instant)
    /// Somebody answers who cannot be joined. It is tried again all the same.
    case refused(reason: String)
}
