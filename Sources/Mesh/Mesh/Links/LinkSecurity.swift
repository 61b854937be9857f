public import Gossip
public import NIOCore
import NIOSSL
import Synchronization

/// TLS 1.3 on the links between the peers of a closed fleet (mesh protocol §5.4): mutual, no CA, no host names.
///
/// A server takes any certificate, because who may do what is decided per request by the token that is bound to the caller's
/// certificate. A client takes only the certificate that the peer's sealed member record names. One context per role for the life
/// of the process.
public final class LinkSecurity: Sendable {
    /// SHA-256 of this peer's own public key, 32 bytes: what others know it by.
    public let pin: [UInt8]
    let pins = PinTable()
    private let server: NIOSSLContext
    private let client: NIOSSLContext
    private let refusals = Mutex(0)

    init(_ own: LinkCertificate) throws {
        pin = own.pin
        var serving = TLSConfiguration.makeServerConfiguration(
            certificateChain: [.certificate(own.certificate)], privateKey: .privateKey(own.key))
        var calling = TLSConfiguration.makeClientConfiguration()
        calling.certificateChain = [.certificate(own.certificate)]
        calling.privateKey = .privateKey(own.key)
        Self.restrict(&serving)
        Self.restrict(&calling)
        server = try NIOSSLContext(configuration: serving)
        client = try NIOSSLContext(configuration: calling)
    }

    /// The handlers of a connection that another peer made: put them first in the pipeline, before the HTTP decoder.
    ///
    /// The caller has to end a handshake that takes longer than five seconds.
    public func serverHandlers() throws -> [any ChannelHandler] {
        [
            NIOSSLServerHandler(
                context: server,
                customVerificationCallback: { certificates, promise in
                    promise.succeed(certificates.isEmpty ? .failed : .certificateVerified)
                }, configuration: .init())
        ]
    }

    /// The handlers of a connection to `peer`: put them first in the pipeline, before the HTTP encoder. The connection fails unless
    /// the other side has the certificate of that peer's member record.
    ///
    /// - Throws: `LinkSecurityError.unknownPin`: then nothing may be sent.
    public func clientHandlers(for peer: PeerID) throws -> [any ChannelHandler] {
        guard let expected = pins.pin(of: peer) else { throw LinkSecurityError.unknownPin(peer) }
        return try clientHandlers(pinned: expected)
    }

    /// SHA-256 of the public key of the certificate that the other side showed; nil before the handshake and without TLS.
    ///
    /// Call it on the channel's event loop.
    public func peerPin(of channel: any Channel) -> [UInt8]? {
        guard let certificate = try? channel.pipeline.syncOperations.nioSSL_peerCertificate() else { return nil }
        return LinkCertificate.pin(of: certificate)
    }

    /// The certificate that `peer` must show; nil while it is not known, and for one that was shut out.
    public func pin(of peer: PeerID) -> [UInt8]? { pins.pin(of: peer) }

    /// Connections to peers that showed another certificate than expected.
    var refused: Int { refusals.withLock { $0 } }

    /// `refused` is called on the channel's event loop when the other side shows another certificate.
    func clientHandlers(
        pinned expected: [UInt8], refused: @escaping @Sendable () -> Void = {}
    ) throws -> [any ChannelHandler] {
        let count: @Sendable () -> Void = { [weak self] in self?.countRefusal() }
        return [
            try NIOSSLClientHandler(
                context: client, serverHostname: nil,
                customVerificationCallback: { certificates, promise in
                    let shown = certificates.first.flatMap(LinkCertificate.pin(of:))
                    if let shown, ConstantTime.equal(shown, expected) { return promise.succeed(.certificateVerified) }
                    count()
                    refused()
                    promise.succeed(.failed)
                })
        ]
    }

    /// For a first contact: any certificate; the hello on the connection decides (§6.2). Nothing secret may be sent before it.
    func provisionalClientHandlers() throws -> [any ChannelHandler] {
        [
            try NIOSSLClientHandler(
                context: client, serverHostname: nil,
                customVerificationCallback: { certificates, promise in
                    promise.succeed(certificates.isEmpty ? .failed : .certificateVerified)
                })
        ]
    }

    func countRefusal() { refusals.withLock { $0 += 1 } }

    private static func restrict(_ configuration: inout TLSConfiguration) {
        configuration.minimumTLSVersion = .tlsv13
        // Replaced by the callbacks; it makes both sides show a certificate.
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = .certificates([])
        configuration.shutdownTimeout = .seconds(1)
    }
}
