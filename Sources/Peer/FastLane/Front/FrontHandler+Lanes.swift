internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1

extension FrontHandler {
    // MARK: Which lane

    /// A request begins.
    func begin(_ head: RequestHead, _ context: ChannelHandlerContext) {
        if case .none = lane {} else { return }
        requestEnded = false
        answerEnded = false
        closesAfterAnswer = false
        drained = 0
        corsHeaders = []
        isHTTP11 = head.isHTTP11
        keepAlive = head.keepsAlive
        if let refusal = refusal(of: head) {
            return refuse(refusal.status, refusal.message, closes: refusal.closes)
        }
        guard passesGate(head) else { return }
        if let route = LaneRoute(head) {
            beginFast(head, route)
        } else {
            beginOther(head, context)
        }
    }

    /// What is wrong with a head whichever lane it would take.
    private func refusal(of head: RequestHead) -> LaneFailure? {
        if isMesh {
            // The other lane decides by itself: who this peer is may be asked by anybody, as over mDNS.
            guard LaneRoute(head) != nil else { return nil }
            let token = head.first(name: "x-herd-fleet") ?? ""
            if loop.configuration.link.admits(token, handshake?.pin) { return nil }
            loop.state.noteStranger()
            return LaneFailure(403, LinkAccess.refusal)
        }
        let access = loop.configuration.access
        // Most requests of a connection name the host that was let through already.
        if let allowedHost, head.has(.host, allowedHost), !head.has(.origin) { return nil }
        let host = head.first(.host)
        if host == nil || host != allowedHost {
            guard access.allows(host: host) else { return LaneFailure(403, "") }
            allowedHost = host
        }
        if let origin = head.first(.origin) {
            guard access.allows(origin: origin, host: host) else { return LaneFailure(403, "") }
            corsHeaders = [("Access-Control-Allow-Origin", origin), ("Vary", "Origin")]
        }
        return nil
    }

    private func beginFast(_ head: RequestHead, _ route: LaneRoute) {
        if loop.isStopping {
            closesAfterAnswer = true
            lane = .own
            let failure = "this peer is shutting down: use another one"
            reply(
                HeadWriter.answer(
                    status: 503, contentType: "application/json",
                    body: ErrorWriter.json(failure, status: 503, dialect: route.dialect),
                    keepAlive: false, headers: [("Retry-After", "1")] + corsHeaders))
            return
        }
        let request = LaneRequest(loop: loop, front: self, route: route, head: head)
        lane = .fast(request)
        request.start()
        if !answerEnded { continueIfExpected(head) }
    }

    private func beginOther(_ request: RequestHead, _ context: ChannelHandlerContext) {
        guard let other = isMesh ? loop.meshLane : loop.clientLane else {
            return refuse(404, "404 page not found", closes: false)
        }
        var head = request.http
        lane = .other
        // Only this handler knows the certificate of the connection; what the caller says of it is nothing.
        head.headers.remove(name: HopHeaders.pinName)
        if let pin = handshake?.pin { head.headers.add(name: HopHeaders.pinName, value: HopHeaders.hex(pin)) }
        continueIfExpected(request)
        head.headers.remove(name: "expect")
        // The other lane ends its loop only on the literal word.
        if !keepAlive { head.headers.replaceOrAdd(name: "connection", value: "close") }
        guard hasOtherLane || install(other, context) else { return refuse(500, "cannot serve this connection", closes: true) }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    private func continueIfExpected(_ head: RequestHead) {
        guard head.expectsContinue else { return }
        write(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n"))
        flush()
    }

    /// Puts the other lane's handlers behind this one, at the connection's first request for it.
    private func install(_ other: any OtherLane, _ context: ChannelHandlerContext) -> Bool {
        do {
            try context.pipeline.syncOperations.addHandlers([
                HTTPResponseEncoder(), EndObserver(front: self), HTTP1ToHTTPServerCodec(secure: handshake != nil),
            ])
            let channel = try NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>(
                wrappingChannelSynchronously: context.channel, configuration: .init(isOutboundHalfClosureEnabled: true))
            hasOtherLane = true
            other.serve(channel)
            return true
        } catch {
            loop.logger.error("cannot install the API lane", metadata: ["error": "\(error)"])
            return false
        }
    }
}
