internal import Access
internal import Gossip
internal import NIOCore

extension FrontHandler {
    // MARK: Client keys, for both lanes

    /// Asks the gate; a request that may not come in is answered here, before its body is read. What the client showed as its key
    /// is taken out of the head: it goes to no engine, no peer, no route and no log.
    func passesGate(_ head: RequestHead) -> Bool {
        let gate = loop.configuration.gate
        guard !isMesh, gate.isActive else { return true }
        let request = AccessRequest(
            method: head.method, target: head.target, authorization: head.all(.authorization), apiKey: head.all(.apiKey),
            isOwner: gate.isOwner(
                token: head.first(name: "x-herd-admin"), remote: clientIP,
                local: context?.channel.localAddress?.ipAddress))
        do throws(AccessRefusal) {
            pass = try gate.admit(request, at: Self.accessTime)
        } catch {
            refuse(error, head)
            return false
        }
        guard gate.isInForce else { return true }
        head.remove(.authorization)
        head.remove(.apiKey)
        if let target = AccessRequest.withoutKeys(head.target) { head.change(target: target) }
        return true
    }

    /// The name of the current request's client key; nil without one.
    var keyName: String? { pass?.keyName }

    /// The current request's client key; nil without one.
    var keyID: String? { pass?.keyID }

    /// The current request is over: its key has a place free. May be called again.
    func leaveGate() {
        guard let pass else { return }
        self.pass = nil
        loop.configuration.gate.finished(pass)
    }

    /// Counts tokens of the current request against its key's day.
    func charge(_ tokens: Int) {
        guard let pass, tokens > 0 else { return }
        loop.configuration.gate.charge(tokens, to: pass, at: Self.accessTime)
    }

    private func refuse(_ refusal: AccessRefusal, _ head: RequestHead) {
        let dialect = RefusalDialect(
            path: AccessRequest.path(of: head.target), hasAnthropicVersion: head.contains(name: "anthropic-version"))
        lane = .own
        // An answer to HEAD ends with its head.
        let body = head.hasMethod("HEAD") ? "" : refusal.body(dialect)
        reply(
            HeadWriter.answer(
                status: refusal.status,
                contentType: dialect == .ollama ? "application/json; charset=utf-8" : "application/json",
                body: ByteBuffer(string: body), keepAlive: keepsAlive, headers: refusal.headers + corsHeaders))
    }

    private static var accessTime: AccessTime {
        AccessTime(elapsed: LaneClock.now - Instant.zero, unixSeconds: Int64(LaneClock.wallSeconds))
    }
}
