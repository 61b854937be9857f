import Crypto
import FastLane
import Gossip
import NIOCore
import NIOSSL
import Synchronization

/// What the mesh is for real lanes: everybody's pins, a key that can change, and TLS made of both.
final class TestFleet: Sendable {
    struct UnknownPin: Error {}

    private struct State {
        var key = "k1"
        var accepted = ["k1"]
        var pins: [PeerID: [UInt8]] = [:]
        var identities: [PeerID: LinkIdentity] = [:]
        var isOpen = false
        var handshakes = 0
    }

    private let state = Mutex(State())

    /// Client handshakes begun.
    var handshakes: Int { state.withLock(\.handshakes) }

    /// New links are TLS from now on, or plain.
    func setOpen(_ open: Bool) { state.withLock { $0.isOpen = open } }

    /// The key that everybody uses, and those that are taken.
    func setKey(_ key: String, accepted: [String]) {
        state.withLock { state in
            state.key = key
            state.accepted = accepted
        }
    }

    /// Makes a new certificate for a peer; the others know it unless it is kept from them.
    @discardableResult
    func enrol(_ peer: PeerID, known: Bool = true) throws -> LinkIdentity {
        let identity = try LinkIdentity()
        state.withLock { state in
            state.identities[peer] = identity
            if known { state.pins[peer] = identity.pin }
        }
        return identity
    }

    /// What the others believe of a peer's certificate.
    func setPin(_ pin: [UInt8]?, of peer: PeerID) { state.withLock { $0.pins[peer] = pin } }

    /// The token of the holder of this certificate.
    func token(pin: [UInt8]?) -> String { Self.token(state.withLock(\.key), pin) }

    private static func token(_ key: String, _ pin: [UInt8]?) -> String { "\(key)-\((pin ?? []).prefix(4))" }

    private func identity(_ peer: PeerID) throws -> LinkIdentity {
        guard let identity = state.withLock({ $0.identities[peer] }) else { throw UnknownPin() }
        return identity
    }

    /// What the lane of this peer is given.
    func access(of me: PeerID) -> LinkAccess {
        LinkAccess(
            token: { [self] in token(pin: try? identity(me).pin) },
            admits: { [self] token, pin in
                pin != nil && state.withLock(\.accepted).contains { Self.token($0, pin) == token }
            },
            tls: { [self] in state.withLock(\.isOpen) ? nil : tls(of: me) })
    }

    private func tls(of me: PeerID) -> LinkTLS {
        LinkTLS(
            serverHandlers: { [self] in
                [
                    NIOSSLServerHandler(
                        context: try identity(me).serverContext(),
                        customVerificationCallback: { _, verdict in verdict.succeed(.certificateVerified) })
                ]
            },
            clientHandlers: { [self] peer in
                guard let pin = state.withLock({ $0.pins[peer] }) else { throw UnknownPin() }
                state.withLock { $0.handshakes += 1 }
                return [
                    try NIOSSLClientHandler(
                        context: try identity(me).clientContext(), serverHostname: nil,
                        customVerificationCallback: { chain, verdict in
                            let shown = chain.first.flatMap { try? LinkIdentity.pin(of: $0) }
                            verdict.succeed(shown == pin ? .certificateVerified : .failed)
                        })
                ]
            },
            peerPin: { channel in
                let pipeline = channel.pipeline.syncOperations
                let server = try? pipeline.handler(type: NIOSSLServerHandler.self).peerCertificate
                let shown = server ?? (try? pipeline.handler(type: NIOSSLClientHandler.self).peerCertificate)
                return shown.flatMap { try? LinkIdentity.pin(of: $0) }
            },
            expectedPin: { [self] peer in state.withLock { $0.pins[peer] } })
    }
}
