import FastLane
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The files that new models are made of: `HEAD` asks for one, `POST` puts it (api-contracts §1).
struct BlobRoutes {
    let facts: PeerFacts

    private static let json = "application/json; charset=utf-8"
    private static let badDigest = #"{"error":"invalid digest format"}"#

    /// At the peer that the client talks to.
    func add(to router: Router<PeerContext>, table: inout RouteTable) {
        table.add("/api/blobs/**", [.head, .post])
        router.head("/api/blobs/**") { request, context in try await answer(request, context, isQuestion: true, facts.blobs) }
        router.on("/api/blobs/**", method: .post) { request, context in
            try await answer(request, context, isQuestion: false, facts.blobs)
        }
    }

    /// At the machine that another peer chose.
    func addForPeers(to router: Router<PeerContext>, table: inout RouteTable) {
        let mesh = MeshRoutes(facts: facts)
        table.add("/api/blobs/**", [.head, .post])
        router.head("/api/blobs/**") { request, context in
            guard mesh.isPeer(request) else { return try mesh.stranger() }
            return try await answer(request, context, isQuestion: true, facts.blobsHere)
        }
        router.on("/api/blobs/**", method: .post) { request, context in
            guard mesh.isPeer(request) else { return try mesh.stranger() }
            return try await answer(request, context, isQuestion: false, facts.blobsHere)
        }
    }

    private func answer(
        _ request: Request, _ context: PeerContext, isQuestion: Bool,
        _ run: @Sendable (BlobOrder, BlobBody?) async -> BlobOutcome
    ) async throws -> Response {
        let written = context.parameters.getCatchAll().joined(separator: "/").removingPercentEncoding ?? ""
        guard let digest = BlobDigest.canonical(written) else { return Self.refusal(isQuestion) }
        let order = BlobOrder(
            digest: digest, length: request.headers[.contentLength].flatMap { Int($0) },
            client: Self.client(context),
            node: request.uri.queryParameters.get("node_id").flatMap { $0.isEmpty ? nil : $0 })
        switch await run(order, isQuestion ? nil : request.body) {
        case .answered(let node, let status, let type, let length, let body):
            var headers: HTTPFields = [.fleetNode: node]
            headers[.contentType] = type
            guard isQuestion else {
                return Response(status: .init(code: status), headers: headers, body: ResponseBody(byteBuffer: body))
            }
            headers[.contentLength] = length
            return Response(status: .init(code: status), headers: headers)
        case .noMachine:
            let words = order.node.map { "'\($0)' has no running Ollama" } ?? "no machine of the fleet has a running Ollama"
            return try Reply.ollamaError(words, status: .serviceUnavailable)
        case .unknownNode(let known):
            let names = known.joined(separator: ", ")
            return try Reply.ollamaError("no machine is named '\(order.node ?? "")'; the fleet has: \(names)", status: .notFound)
        case .busy:
            return try Reply.json(
                ["error": "too many files are under way: try again later"], status: .serviceUnavailable,
                headers: [.retryAfter: "10"])
        case .failed(let why):
            return try Reply.ollamaError(why, status: .badGateway)
        }
    }

    /// The client's address as the lane writes it: without the prefix of an IPv4 client on an IPv6 socket.
    private static func client(_ context: PeerContext) -> String {
        let text = context.remoteAddress?.ipAddress ?? ""
        return text.hasPrefix("::ffff:") && text.contains(".") ? String(text.dropFirst(7)) : text
    }

    /// The answer to a question tells the length of the words that it does not carry.
    private static func refusal(_ isQuestion: Bool) -> Response {
        guard isQuestion else { return Reply.bytes(ByteBuffer(string: badDigest), type: json, status: .badRequest) }
        return Response(
            status: .badRequest, headers: [.contentType: json, .contentLength: "\(badDigest.utf8.count)"])
    }
}
