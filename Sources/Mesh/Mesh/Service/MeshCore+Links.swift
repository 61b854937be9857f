import Gossip
import Logging
import NIOCore
import NIOHTTP1

extension MeshCore {
    /// Addresses of peers that said hello and are no members yet.
    static let introducedLimit = 256

    /// A call to the mesh port of another peer, with this fleet's token: plain in an open fleet, else TLS with the certificate of
    /// the member at that address. Who is not known there, or shows another certificate, is asked for a hello first.
    func call(_ call: LinkCall, at endpoint: Endpoint) -> EventLoopFuture<[UInt8]> {
        guard let links = state.linkSecurity else {
            var call = call
            call.headers.append((LinkCall.fleetHeader, keyBox.linkToken))
            return call.perform(at: endpoint, on: loop)
        }
        guard let peer = peersByEndpoint[endpoint], let pin = links.pins.pin(of: peer) else {
            return introduce(to: endpoint).assumeIsolated().flatMap { self.pinned(call, at: endpoint, $0) }.nonisolated()
        }
        // Its certificate is not the known one: it may be another peer by now, or have lost its files. A hello tells.
        return pinned(call, at: endpoint, pin).assumeIsolated().flatMapError { error in
            guard LinkFailure(error) == .wrongCertificate else { return self.loop.makeFailedFuture(error) }
            return self.introduce(to: endpoint).assumeIsolated().flatMap { self.pinned(call, at: endpoint, $0) }.nonisolated()
        }.nonisolated()
    }

    /// A call under a certain key, to a peer that may not have the one in use.
    func pinned(
        _ call: LinkCall, at endpoint: Endpoint, _ pin: [UInt8], under key: FleetKey? = nil
    ) -> EventLoopFuture<[UInt8]> {
        var call = call
        call.headers.append((LinkCall.fleetHeader, key?.linkToken(pin: keyBox.pin) ?? keyBox.linkToken))
        return call.perform(at: endpoint, on: loop, links: state.linkSecurity, trust: .pinned(pin)).map(\.body)
    }

    /// Says hello to whoever is at `endpoint`; its certificate, when it is a member of this fleet.
    ///
    /// Under the key in use first; a peer that slept through a rotation has an older one.
    func introduce(to endpoint: Endpoint) -> EventLoopFuture<[UInt8]> {
        let keys = key
        return introduce(to: endpoint, keys: keys, under: keys.all)
    }

    private func introduce(to endpoint: Endpoint, keys: FleetKeys, under rest: [FleetKey]) -> EventLoopFuture<[UInt8]> {
        var random = SystemRandomNumberGenerator()
        let nonce = (0..<Hello.nonceByteCount).map { _ in UInt8.random(in: 0...255, using: &random) }
        guard let links = state.linkSecurity, let fleetKey = rest.first, let record = ownRecord,
            let body = Hello(record: record, nonce: nonce).sealed(.hello, key: fleetKey, fleetTag: keys.tag)
        else { return loop.makeFailedFuture(LinkFailure.stranger) }
        let call = LinkCall(
            method: .POST, path: LinkCall.helloPath, body: body, contentType: "application/octet-stream",
            answerLimit: Hello.byteLimit)
        counters.hellosStarted += 1
        return call.perform(at: endpoint, on: loop, links: links, trust: .provisional)
            .assumeIsolated()
            .flatMapThrowing { answer in try self.met(answer, at: endpoint, nonce: nonce) }
            .flatMapError { error in
                // Refused: it may have an older key only.
                guard LinkFailure(error) == .status(403), rest.count > 1 else {
                    return self.loop.makeFailedFuture(LinkFailure(error) == .status(403) ? LinkFailure.stranger : error)
                }
                return self.introduce(to: endpoint, keys: keys, under: Array(rest.dropFirst()))
            }
            .nonisolated()
    }

    /// Judges the answer to a hello.
    private func met(_ answer: LinkAnswer, at endpoint: Endpoint, nonce: [UInt8]) throws -> [UInt8] {
        do throws(MeshLinkError) {
            let hello = try Hello.open(answer.body, .helloAnswer, keys: key, pin: answer.pin, context: nonce).hello
            guard hello.nonce == nonce, hello.record.id != selfID, let pin = hello.record.pin else { throw .unreadable }
            state.linkSecurity?.pins.learn(pin, of: hello.record.id)
            if peersByEndpoint.count >= Self.introducedLimit + views.current.members.count { tellPins() }
            peersByEndpoint[endpoint] = hello.record.id
            return pin
        } catch {
            counters.hellosRefused += 1
            if limiter.admit("hello", now: clock.boot()) != nil {
                logger.info(
                    "a peer is not let in: it could not prove that it belongs to this fleet",
                    metadata: ["peer.address": "\(AddressText.format(endpoint))", "reason": "\(error)"])
            }
            throw error == .wrongCertificate ? LinkFailure.wrongCertificate : LinkFailure.stranger
        }
    }

    /// Another peer says hello.
    func serveHello(_ body: [UInt8], pin: [UInt8]?) throws(MeshLinkError) -> [UInt8] {
        guard phase == .running, let record = ownRecord else { throw .notRunning }
        guard state.linkSecurity != nil else { throw .openFleet }
        let now = clock.boot()
        guard helloBudget.spend(now: now) else { throw .busy }
        do throws(MeshLinkError) {
            let (hello, fleetKey) = try Hello.open(body, .hello, keys: key, pin: pin)
            if let pin = hello.record.pin, hello.record.id != selfID {
                state.linkSecurity?.pins.learn(pin, of: hello.record.id)
            }
            counters.hellosServed += 1
            let answer = Hello(record: record, nonce: hello.nonce)
            guard let bytes = answer.sealed(.helloAnswer, key: fleetKey, fleetTag: key.tag, context: hello.nonce) else {
                throw .unreadable
            }
            return bytes
        } catch {
            counters.hellosRefused += 1
            throw error
        }
    }

    /// This peer's own member record, as the rules have it.
    var ownRecord: MemberRecord? { rules?.memberEntries.first { $0.id == selfID }?.record }
}

extension MeshCore {
    /// Who is at `endpoint`: a client port, which speaks plain HTTP, or the mesh port of a closed fleet, which speaks TLS. The
    /// likelier one is tried first.
    func askForFacts(_ endpoint: Endpoint) -> EventLoopFuture<[UInt8]> {
        var call = LinkCall(method: .GET, path: LinkCall.factsPath, answerLimit: 4_096)
        guard let links = state.linkSecurity else { return call.perform(at: endpoint, on: loop) }
        // Bound to this peer's certificate: of no use to a stranger who reads it.
        call.headers = [(LinkCall.fleetHeader, keyBox.linkToken)]
        let trusts: [LinkTrust] = endpoint.port == SeedTable.clientPort ? [.plain, .provisional] : [.provisional, .plain]
        let asked = call
        return asked.perform(at: endpoint, on: loop, links: links, trust: trusts[0]).flatMapError { [loop] error in
            switch LinkFailure(error) {
            case .refused, .timedOut: loop.makeFailedFuture(error)
            default: asked.perform(at: endpoint, on: loop, links: links, trust: trusts[1])
            }
        }.map(\.body)
    }
}
