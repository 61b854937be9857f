internal import NIOCore
internal import NIOSSL

/// How an engine is reached that does not simply listen: over TLS, with a key, under a path.
///
/// A reference: kept connections belong to the door that they were made through, and another door never gets them, whatever its
/// address. Its key is written into heads of requests and shown nowhere else.
public final class BackendDoor: Sendable, CustomStringConvertible, CustomReflectable {
    /// The host that is connected to, and that the certificate must name.
    let host: String
    /// Its port.
    let port: Int
    /// `Host`.
    let authority: String
    private let keyName: String
    private let keyValue: String
    private let tls: NIOSSLContext?
    private let translate: @Sendable (String) -> String

    /// A door.
    ///
    /// - Parameters:
    ///   - authority: `Host` of requests.
    ///   - key: the header line that shows the key; nil without one.
    ///   - tls: whose certificates are trusted; nil for plain HTTP.
    ///   - target: the request target of one of the engine's routes.
    /// - Throws: an error of the TLS library when the certificates cannot be read.
    public init(
        host: String, port: Int, authority: String, key: (name: String, value: String)?, tls: Trust?,
        target: @escaping @Sendable (String) -> String
    ) throws {
        self.host = host
        self.port = port
        self.authority = authority
        keyName = key?.name ?? ""
        keyValue = key?.value ?? ""
        translate = target
        guard let tls else {
            self.tls = nil
            return
        }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        if case .file(let path) = tls {
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(path))
        }
        self.tls = try NIOSSLContext(configuration: configuration)
    }

    /// Whose certificates are trusted.
    public enum Trust: Hashable, Sendable {
        /// Those of the system's authorities.
        case system
        /// Those of the authorities in this file (PEM) alone.
        case file(String)
    }

    /// Connections through it are its own.
    var isSecure: Bool { tls != nil }
    /// It shows a key.
    var hasKey: Bool { !keyName.isEmpty }

    /// The handlers of a new connection, the one that ends it quickly behind them; none for plain HTTP.
    func handlers() throws -> [any ChannelHandler] {
        guard let tls else { return [] }
        // An address is no name that could be asked for; the certificate must name it all the same.
        let isAddress = (try? SocketAddress(ipAddress: host, port: port)) != nil
        return [try NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : host), QuickClose()]
    }

    /// The request target of an engine's route.
    func target(_ route: String) -> String { translate(route) }

    /// What goes through the door of a client's head: nothing that says who the client is, or that is between peers.
    func admitted(_ head: RequestHead) -> RequestHead { head.withoutPersonal() }

    /// Writes the line with the key.
    func writeKey(to head: inout HeadBuilder) {
        if hasKey { head.line(named: keyName, keyValue) }
    }

    /// The address.
    public var description: String { authority }
    /// The address.
    public var customMirror: Mirror { Mirror(self, children: ["authority": authority]) }
}

extension BackendDoor: Hashable {
    /// It is the same door.
    public static func == (a: BackendDoor, b: BackendDoor) -> Bool { a === b }
    /// By identity.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
