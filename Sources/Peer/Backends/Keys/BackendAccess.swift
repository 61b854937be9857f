public import Outbound

/// What it takes to be let in by an engine, besides its address.
public struct BackendAccess: Hashable, Sendable {
    /// The key; nil where the engine wants none.
    public var key: BackendKey?
    /// The header that shows it.
    public var keyHeader = "Authorization"
    /// A file of certificates (PEM) that are trusted in the place of the system's; nil for the system's.
    public var certificateFile: String?

    /// An engine that wants nothing.
    public init() {}

    /// The header line that shows the key; nil without one.
    public var keyLine: (name: String, value: String)? { key.map { (keyHeader, $0.value(in: keyHeader)) } }

    /// A request to one of the engine's routes.
    public func request(
        _ method: String = "GET", _ route: String, at address: BackendAddress, json body: [UInt8]? = nil
    ) -> OutboundRequest {
        var headers: [(name: String, value: String)] = []
        if body != nil { headers.append(("Content-Type", "application/json")) }
        if let keyLine { headers.append(keyLine) }
        var request = OutboundRequest(method, url: address.url(for: route), headers: headers, body: body ?? [])
        request.certificateFile = certificateFile
        return request
    }
}
