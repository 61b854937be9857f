/// Whom a call to another peer accepts at the other end.
enum LinkTrust: Hashable, Sendable {
    /// Plain HTTP: an open fleet, and client ports.
    case plain
    /// The holder of this certificate and nobody else.
    case pinned([UInt8])
    /// Anybody with a certificate: first contact, where the hello on the connection decides.
    case provisional
}

/// The answer to a call, and the certificate of who gave it; nil over plain HTTP.
struct LinkAnswer: Hashable, Sendable {
    var body: [UInt8]
    var pin: [UInt8]?
}
