import Gossip
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
import Testing

@testable import Mesh

/// Certificates and TLS between two sides on loopback.
@Suite struct LinkSecurityTests {
    private let group = MultiThreadedEventLoopGroup.singleton

    private func certificate(_ number: UInt64, in directory: TestDirectory) throws -> LinkCertificate {
        try directory.makeFolder("\(number)")
        return try LinkCertificate.open(folder: directory.file("\(number)"), peer: PeerID(short: number, low: number))
    }

    @Test func aCertificateIsMadeOncePerIdentity() throws {
        let directory = try TestDirectory()
        let first = try certificate(1, in: directory)
        #expect(first.pin.count == 32)
        #expect(try certificate(1, in: directory).pin == first.pin)
        #expect(try directory.mode("1/link-key.pem") == 0o600 && directory.mode("1/link-cert.pem") == 0o600)
        let folder = directory.file("1")
        // Another identity in the same place, as after a cloned disk.
        let other = try LinkCertificate.open(folder: folder, peer: PeerID(short: 9, low: 9))
        #expect(other.pin != first.pin)
        for file in ["1/link-key.pem", "1/link-cert.pem"] {
            for damage in ["", "nonsense", String(repeating: "x", count: 20_000)] {
                let before = try LinkCertificate.open(folder: folder, peer: PeerID(short: 9, low: 9))
                try directory.write(damage, to: file)
                let after = try LinkCertificate.open(folder: folder, peer: PeerID(short: 9, low: 9))
                #expect(after.pin != before.pin)
            }
        }
        let key = try #require(directory.read("1/link-key.pem"))
        _ = try certificate(2, in: directory)
        try directory.write(key, to: "2/link-key.pem")
        // The key of another certificate.
        #expect(try certificate(2, in: directory).pin.count == 32)
        #expect(directory.read("2/link-key.pem") != key)
    }

    /// What a connection between the two came to: the pin that each side saw, nil when it did not come about.
    private func connect(
        _ server: LinkSecurity, _ handlers: @escaping @Sendable () throws -> [any ChannelHandler]
    ) async throws -> (atServer: [UInt8]?, echoed: Bool) {
        let seen = Mutex<[UInt8]?>(nil)
        let listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(server.serverHandlers())
                    try channel.pipeline.syncOperations.addHandler(
                        EchoHandler { channel in
                            let pin = server.peerPin(of: channel)
                            seen.withLock { $0 = pin }
                        })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let answer = group.any().makePromise(of: Bool.self)
        let address = try #require(listener.localAddress)
        do {
            let channel = try await ClientBootstrap(group: answer.futureResult.eventLoop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandlers(handlers())
                        try channel.pipeline.syncOperations.addHandler(AskHandler(answer))
                    }
                }
                .connect(to: address).get()
            let echoed = try await answer.futureResult.get()
            try? await channel.close()
            try await listener.close()
            return (seen.withLock { $0 }, echoed)
        } catch {
            answer.succeed(false)
            try await listener.close()
            throw error
        }
    }

    @Test func bothSidesSeeTheOthersCertificate() async throws {
        let directory = try TestDirectory()
        let (own, other) = (try certificate(1, in: directory), try certificate(2, in: directory))
        let (server, client) = (try LinkSecurity(own), try LinkSecurity(other))
        let id = PeerID(short: 1, low: 1)
        #expect(throws: LinkSecurityError.unknownPin(id)) { try client.clientHandlers(for: id) }
        client.pins.replace(members: [id: own.pin])
        let result = try await connect(server) { try client.clientHandlers(for: id) }
        #expect(result.echoed && result.atServer == other.pin)
        client.pins.revoke([id])
        #expect(throws: LinkSecurityError.unknownPin(id)) { try client.clientHandlers(for: id) }
    }

    @Test func aWrongPinIsRefused() async throws {
        let directory = try TestDirectory()
        let (server, client) = (try LinkSecurity(certificate(1, in: directory)), try LinkSecurity(certificate(2, in: directory)))
        let wrong = try certificate(3, in: directory).pin
        let result = try await connect(server) { try client.clientHandlers(pinned: wrong) }
        #expect(!result.echoed && result.atServer == nil)
        #expect(client.refused == 1)
    }

    @Test func aClientWithoutACertificateIsRefused() async throws {
        let directory = try TestDirectory()
        let server = try LinkSecurity(certificate(1, in: directory))
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        let context = try NIOSSLContext(configuration: configuration)
        let result = try await connect(server) { [try NIOSSLClientHandler(context: context, serverHostname: nil)] }
        #expect(!result.echoed && result.atServer == nil)
    }

    @Test func olderTLSIsRefused() async throws {
        let directory = try TestDirectory()
        let (own, other) = (try certificate(1, in: directory), try certificate(2, in: directory))
        let server = try LinkSecurity(own)
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        configuration.maximumTLSVersion = .tlsv12
        configuration.certificateChain = [.certificate(other.certificate)]
        configuration.privateKey = .privateKey(other.key)
        let context = try NIOSSLContext(configuration: configuration)
        let result = try await connect(server) { [try NIOSSLClientHandler(context: context, serverHostname: nil)] }
        #expect(!result.echoed)
    }

    @Test func tokensAreBoundToTheCertificate() throws {
        let ring = try KeyRing.create(fleet: "home", nowSeconds: 0)
        let mine = [UInt8](repeating: 1, count: 32)
        let thief = [UInt8](repeating: 2, count: 32)
        let box = KeyBox(FleetKeys(ring), pin: mine)
        let token = box.linkToken
        #expect(FleetKeys(ring).admitsLink(token, pin: mine))
        #expect(!FleetKeys(ring).admitsLink(token, pin: thief) && !FleetKeys(ring).admitsLink(token, pin: nil))
        #expect(!FleetKeys(ring).admitsLink(token, pin: []) && !FleetKeys(ring).admitsLink("", pin: mine))
        let rotating = try ring.installingNewKey(nowSeconds: 1)
        let used = try rotating.using(try #require(rotating.keyIDs.last), nowSeconds: 2)
        box.replace(FleetKeys(used))
        #expect(box.linkToken != token)
        // Both keys count while both are in the ring; the new one counts for who has it installed.
        #expect(FleetKeys(used).admitsLink(token, pin: mine) && FleetKeys(rotating).admitsLink(box.linkToken, pin: mine))
        #expect(!FleetKeys(try used.removing(ring.active.id)).admitsLink(token, pin: mine))
        #expect(!FleetKeys(used.revoking(PeerID(short: 1, low: 1), pin: mine)).admitsLink(box.linkToken, pin: mine))
        let open = FleetKeys.open(fleet: "home")
        #expect(open.admitsLink(open.active.linkToken(pin: nil), pin: thief) && !open.admitsLink(token, pin: mine))
    }
}

private final class EchoHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let seen: (any Channel) -> Void

    init(_ seen: @escaping (any Channel) -> Void) { self.seen = seen }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        seen(context.channel)
        context.writeAndFlush(data, promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// Sends a word and waits for it to come back.
private final class AskHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let answer: EventLoopPromise<Bool>

    init(_ answer: EventLoopPromise<Bool>) { self.answer = answer }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "hello")), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        answer.succeed(unwrapInboundIn(data) == ByteBuffer(string: "hello"))
    }

    func channelInactive(context: ChannelHandlerContext) { answer.succeed(false) }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
