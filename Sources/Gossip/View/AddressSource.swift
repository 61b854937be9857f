/// Where this peer first learnt another's address.
public enum AddressSource: String, Hashable, Sendable, Codable {
    /// A sighting by Avahi.
    case mdns
    /// A `--router-url`.
    case seed
    /// The file of remembered peers.
    case remembered
    /// Another peer told.
    case gossip
}
