internal import NIOCore

extension LaneLoop {
    /// The handlers of a connection to the client port.
    func openClient(_ channel: any Channel) throws {
        try channel.pipeline.syncOperations.addHandler(FrontHandler(loop: self, isMesh: false))
    }

    /// The handlers of a connection to the mesh port: TLS first in a closed fleet.
    func openLink(_ channel: any Channel) throws {
        guard let tls = configuration.link.tls() else {
            return try channel.pipeline.syncOperations.addHandler(FrontHandler(loop: self, isMesh: true))
        }
        let address = channel.remoteAddress?.ipAddress ?? ""
        guard handshakes.begin(address) else {
            state.count { $0.handshakesCrowded += 1 }
            throw LinkRefusal.crowded
        }
        let handshake = LinkHandshake(tls: tls, limit: configuration.handshakeLimit) { [self] refusal in
            handshakes.end(address)
            if refusal != nil { state.count { $0.handshakesFailed += 1 } }
        }
        do {
            try channel.pipeline.syncOperations.addHandlers(
                tls.serverHandlers() + [handshake] + [FrontHandler(loop: self, isMesh: true, handshake: handshake)])
        } catch {
            handshake.abandon()
            throw error
        }
    }
}
