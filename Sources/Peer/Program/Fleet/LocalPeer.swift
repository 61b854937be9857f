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

    /// Gives an order about keys; ends the program with words when that cannot be.
    func order(_ order: KeyOrder) async throws -> KeyOrderReply {
        guard let token = AdminToken.read(dataDirectory: dataDirectory) else {
            Terminal.complain(
                "No peer of \(dataDirectory) runs on this machine, or this user may not read "
                    + "\(AdminToken.path(dataDirectory)): start it with `herd-peer serve`, "
                    + "name its folder with --data-dir, or be the user that runs it."
            )
            throw ExitCode.failure
        }
        var body: [String: Any] = ["force": order.force]
        body["revoke"] = order.revoke
        let request = OutboundRequest(
            "POST", url: base + "/fleet/keys/rotate",
            headers: [("X-Herd-Admin", token), ("Content-Type", "application/json")],
            body: Array(try JSONSerialization.data(withJSONObject: body)))
        guard let answer = await ask(request) else {
            Terminal.complain("No peer answers at \(base): start it with `herd-peer serve`, or name its port with --port.")
            throw ExitCode.failure
        }
        guard answer.status == 202 || answer.status == 409,
            let reply = try? JSONDecoder().decode(KeyOrderReply.self, from: Data(answer.body))
        else {
            Terminal.complain(
                "The peer at \(base) did not take the order (status \(answer.status)): is it the one of \(dataDirectory)?")
            throw ExitCode.failure
        }
        return reply
    }

    private func ask(_ request: OutboundRequest) async -> OutboundResponse? {
        let client = OutboundClient()
        defer { client.close() }
        var request = request
        request.maximumBytes = 32 << 20
        // Whatever keeps it from answering, to a person it does not run.
        return try? await client.send(request)
    }
}
