import FoundationEssentials
import Outbound

/// Asks one engine. Only routes that list things: never one that makes a model work.
struct EngineCaller: Sendable {
    let client: OutboundClient
    let address: BackendAddress
    var access = BackendAccess()
    /// How long one question may take.
    var timeout: Duration = .seconds(2)

    /// Answers that are larger than this are not read, bytes.
    static let maximumBytes = 8 << 20

    /// `GET path`.
    func get(_ path: String) async throws(BackendProblem) -> OutboundResponse {
        try await send(access.request("GET", path, at: address))
    }

    /// `POST path` with a JSON body.
    func post(_ path: String, _ body: some Encodable) async throws(BackendProblem) -> OutboundResponse {
        guard let data = try? JSONEncoder().encode(body) else {
            throw BackendProblem(.broken, "A name cannot be written as JSON.")
        }
        return try await send(access.request("POST", path, at: address, json: Array(data)))
    }

    private func send(_ request: OutboundRequest) async throws(BackendProblem) -> OutboundResponse {
        var request = request
        request.timeout = timeout
        request.connectTimeout = timeout
        request.maximumBytes = Self.maximumBytes
        let answer: OutboundResponse
        do {
            answer = try await client.send(request)
        } catch {
            throw BackendProblem(error)
        }
        // Without the right key nothing else that it says counts.
        if answer.status == 401 { throw BackendProblem(unauthorized: address, hasKey: access.key != nil) }
        return answer
    }
}

extension OutboundResponse {
    /// The body as `type`, or nil where it is something else or the status is not 200.
    func decoded<T: Decodable>(_ type: T.Type) -> T? {
        guard status == 200 else { return nil }
        return try? JSONDecoder().decode(type, from: Data(body))
    }
}
