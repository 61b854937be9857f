/// Why a datagram that came in was dropped. The raw values are shown in status and metrics.
public enum DropReason: String, Sendable, Hashable, CaseIterable, Codable {
    /// Shorter than envelope and tag, or longer than any datagram of ours.
    case size
    /// Not one of ours: another first byte.
    case foreign
    /// Another version of the protocol.
    case version
    /// Another fleet's tag.
    case fleet
    /// A key that this peer does not have.
    case key
    /// From a sender that is no member and was never heard, while too many such came at once.
    case stranger
    /// From a peer that was shut out.
    case revoked
    /// The authentication tag is wrong.
    case forged
    /// Seen before, or too old to tell.
    case replayed
    /// From before the sender's last restart.
    case outdated
    /// Authentic, but its body cannot be read.
    case malformed
}
