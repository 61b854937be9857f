import ArgumentParser
import Foundation
import Outbound

extension PeerOptions {
    /// Posts JSON to a path; on failure says in words what went wrong and ends the program with status 1.
    func send(_ path: String, body: Data) async throws -> Data {
        let client = OutboundClient()
        defer { client.close() }
        do {
            var request = OutboundRequest(
                "POST", url: base + path, headers: [("Content-Type", "application/json")], body: Array(body))
            request.timeout = .seconds(15)
            let response = try await client.send(request)
            guard response.status == 200 else {
                struct Refusal: Decodable { let message: String? }
                let why = (try? JSONDecoder().decode(Refusal.self, from: Data(response.body)))?.message
                Terminal.complain(why ?? "\(base)\(path) answered with status \(response.status): is that a herd-peer?")
                throw ExitCode.failure
            }
            return Data(response.body)
        } catch let error as OutboundError {
            Terminal.complain("No peer answers at \(base): \(error). Start one with 'herd-peer serve', or name one with --url.")
            throw ExitCode.failure
        }
    }
}
