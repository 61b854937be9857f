import ArgumentParser
import Foundation
import Outbound

extension PeerOptions {
    /// Posts JSON to a path; on failure says in words what went wrong and ends the program with status 1.
    func send(_ path: String, body: Data) async throws -> Data {
        var request = OutboundRequest(
            "POST", url: base + path, headers: [("Content-Type", "application/json")], body: Array(body))
        request.timeout = .seconds(15)
        let response = try await ask(request)
        guard response.status == 200 else { throw refused(path, response) }
        return Data(response.body)
    }

    /// Sends a request with the key of FLEET_API_KEY, if there is one. Where the peer wants more and runs on this machine, it is
    /// asked again as by its owner: only then, so that the token of its folder goes to no program that did not ask for it.
    func ask(_ original: OutboundRequest) async throws -> OutboundResponse {
        let client = OutboundClient()
        defer { client.close() }
        var request = original
        request.maximumBytes = 32 << 20
        if let key = ProcessInfo.processInfo.environment["FLEET_API_KEY"], !key.isEmpty {
            request.headers.append(("Authorization", "Bearer \(key)"))
        }
        do {
            let response = try await client.send(request)
            guard response.status == 401 || response.status == 403, Self.isThisMachine(base), let token = ownerToken() else {
                return response
            }
            request.headers.append(("X-Herd-Admin", token))
            return try await client.send(request)
        } catch {
            Terminal.complain("No peer answers at \(base): \(error). Start one with 'herd-peer serve', or name one with --url.")
            throw ExitCode.failure
        }
    }

    /// Says why a peer did not answer with what was asked for; the status to end with.
    func refused(_ path: String, _ response: OutboundResponse) -> ExitCode {
        struct Refusal: Decodable {
            let message: String?
            let error: String?
            let detail: String?
        }
        let why = try? JSONDecoder().decode(Refusal.self, from: Data(response.body))
        let isRefusedKey = response.status == 401 || response.status == 403
        Terminal.complain(
            (why?.message ?? why?.error ?? why?.detail).map { $0 + (isRefusedKey ? Self.keyAdvice : "") }
                ?? "\(base)\(path) answered with status \(response.status): is that a herd-peer?")
        return .failure
    }

    private static let keyAdvice =
        "\nFor this machine's peer name its folder with --data-dir; for another one put a key into FLEET_API_KEY."

    private func ownerToken() -> String? {
        var given: [Setting: [String]] = [:]
        if let dataDir { given[.dataDirectory] = [dataDir] }
        return (try? ServeOptions.configuration(given)).flatMap { AdminToken.read(dataDirectory: $0.dataDirectory) }
    }

    /// The URL's host is loopback.
    static func isThisMachine(_ base: String) -> Bool {
        guard let host = URLComponents(string: base)?.host?.lowercased() else { return false }
        let name = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        if name == "localhost" || name == "::1" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
