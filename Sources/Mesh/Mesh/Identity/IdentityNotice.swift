public import Gossip

/// Something remarkable about the identity files at start.
public enum IdentityNotice: Hashable, Sendable {
    /// There was none: a new id was made.
    case created
    /// The files belong to another machine (a cloned disk): a new id was made.
    case cloned(from: PeerID)
    /// A file could not be understood: it was moved to `movedTo`, and a new id was made.
    case corrupt(file: String, movedTo: String)
    /// The boot counter is used up: a new id was made.
    case generationsUsedUp(of: PeerID)
    /// Another process lives under the old id and is older: a new id was made while running.
    case twin(of: PeerID)
}
