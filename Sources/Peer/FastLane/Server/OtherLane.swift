public import NIOCore
public import NIOHTTPTypes

/// Serves the connections that ask for anything else than the lane's routes: the API router.
public protocol OtherLane: Sendable {
    /// Takes over the other-lane requests of one connection. Called once per connection, on its event loop, at its first such
    /// request: hand the channel to a task and return. Requests of the fast lane on the same connection never reach it.
    func serve(_ channel: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>)
}
