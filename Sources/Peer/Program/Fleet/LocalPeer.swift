import API
import ArgumentParser
import Foundation
import Outbound

/// The peer that runs on this machine, as commands about its keys speak with it.
struct LocalPeer {
    let base: String
    let dataDirectory: String

    init(_ settings: PeerConfiguration) {
        let host = settings.host == "0.0.0.0" || settings.host == "::" ? "127.0.0.1" : settings.shownHost
        base = "http://\(host):\(settings.port)"
        dataDirectory = settings.dataDirectory
    }

    /// What it tells of the fleet; nil when no peer answers.
    func status() async throws -> FleetReply? {
        guard let body = await ask(OutboundRequest(url: base + "/fleet/status")) else { return nil }
        return try JSONDecoder().decode(FleetReply.self, from: Data(body.body))
    }

    /// The same, as it came.
    func statusBytes() async -> Data? {
        await ask(OutboundRequest(url: base + "/fleet/status")).map { Data($0.body) }
    }

    /// Gives an order about the fleet's keys; ends the program with words when that cannot be.
    func order(_ order: KeyOrder) async throws -> KeyOrderReply {
        var body: [String: Any] = ["force": order.force]
        body["revoke"] = order.revoke
        let answer = try await command("POST", "/fleet/keys/rotate", try JSONSerialization.data(withJSONObject: body))
        guard answer.status == 202 || answer.status == 409,
            let reply = try? JSONDecoder().decode(KeyOrderReply.self, from: Data(answer.body))
        else { throw refused(answer) }
        return reply
    }

    /// Gives an order about client keys; ends the program with words when it was not carried out.
    func order(_ order: ClientKeyOrder) async throws -> ClientKeyReply {
        let answer = try await command("POST", "/fleet/client-keys", try JSONEncoder().encode(order))
        guard let reply = try? JSONDecoder().decode(ClientKeyReply.self, from: Data(answer.body)) else { throw refused(answer) }
        guard reply.accepted else {
            Terminal.complain(reply.message)
            throw ExitCode.failure
        }
        return reply
    }

    /// The fleet's client keys, JSON.
    func clientKeys() async throws -> Data {
        let answer = try await command("GET", "/fleet/client-keys")
        guard answer.status == 200 else { throw refused(answer) }
        return Data(answer.body)
    }

    /// Sends what only the peer's owner may ask; ends the program with words when there is nobody to ask.
    private func command(_ method: String, _ path: String, _ body: Data = Data()) async throws -> OutboundResponse {
        guard AdminToken.read(dataDirectory: dataDirectory) != nil else {
            Terminal.complain(
                "No peer of \(dataDirectory) runs on this machine, or this user may not read "
                    + "\(AdminToken.path(dataDirectory)): start it with `herd-peer serve`, "
                    + "name its folder with --data-dir, or be the user that runs it."
            )
            throw ExitCode.failure
        }
        guard let answer = await ask(OutboundRequest(method, url: base + path, body: Array(body))) else {
            Terminal.complain("No peer answers at \(base): start it with `herd-peer serve`, or name its port with --port.")
            throw ExitCode.failure
        }
        return answer
    }

    private func refused(_ answer: OutboundResponse) -> ExitCode {
        Terminal.complain(
            "The peer at \(base) did not take the order (status \(answer.status)): is it the one of \(dataDirectory)?")
        return .failure
    }

    /// Asks as the owner. Nil whatever keeps the peer from answering: to a person it does not run.
    private func ask(_ request: OutboundRequest) async -> OutboundResponse? {
        let client = OutboundClient()
        defer { client.close() }
        var request = request
        request.maximumBytes = 32 << 20
        // A write of settings tries three times to reach a router.
        request.timeout = .seconds(30)
        request.headers.append(("Content-Type", "application/json"))
        if let token = AdminToken.read(dataDirectory: dataDirectory) { request.headers.append(("X-Herd-Admin", token)) }
        return try? await client.send(request)
    }
}
