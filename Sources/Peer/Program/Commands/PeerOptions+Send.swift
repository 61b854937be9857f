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

    /// Like ``attempt(_:)``; a peer that does not answer ends the program with words and status 1.
    func ask(_ request: OutboundRequest) async throws -> OutboundResponse {
        do throws(PeerProblem) { return try await attempt(request) } catch {
            Terminal.complain(error.words)
            throw ExitCode.failure
        }
    }

    /// Sends a request with the key of FLEET_API_KEY, if there is one. Where the peer wants more and runs on this machine, it is
    /// asked again as by its owner: only then, so that the token of its folder goes to no program that did not ask for it.
    func attempt(_ original: OutboundRequest) async throws(PeerProblem) -> OutboundResponse {
        let client = OutboundClient()
        defer { client.close() }
        var request = withKey(original)
        request.maximumBytes = 32 << 20
        do throws(OutboundError) {
            let response = try await client.send(request)
            guard isRefused(response.status), let token = ownerToken() else { return response }
            request.headers.append(("X-Herd-Admin", token))
            return try await client.send(request)
        } catch {
            throw noPeer(error)
        }
    }

    /// The same for an answer that is read while it comes, whatever its status.
    func stream(
        _ original: OutboundRequest, with client: OutboundClient
    ) async throws(PeerProblem) -> (head: OutboundHead, body: OutboundBody) {
        var request = withKey(original)
        request.timeout = nil
        do throws(OutboundError) {
            var answer = try await client.stream(request)
            if isRefused(answer.head.status), let token = ownerToken() {
                request.headers.append(("X-Herd-Admin", token))
                answer = try await client.stream(request)
            }
            return answer
        } catch {
            throw noPeer(error)
        }
    }

    /// `GET`; throws words instead of ending the program, for those who ask again and again.
    func look(_ path: String) async throws(PeerProblem) -> Data {
        let response = try await attempt(OutboundRequest(url: base + path))
        guard response.status == 200 || response.status == 503 else { throw problem(path, response) }
        return Data(response.body)
    }

    /// Says why a peer did not answer with what was asked for; the status to end with.
    func refused(_ path: String, _ response: OutboundResponse) -> ExitCode {
        Terminal.complain(problem(path, response).words)
        return .failure
    }

    /// Why a peer did not answer with what was asked for, and what to do.
    func problem(_ path: String, _ response: OutboundResponse) -> PeerProblem {
        struct Refusal: Decodable {
            let message: String?
            let error: String?
            let detail: String?
        }
        let why = try? JSONDecoder().decode(Refusal.self, from: Data(response.body))
        let isRefusedKey = response.status == 401 || response.status == 403
        return PeerProblem(
            words: (why?.message ?? why?.error ?? why?.detail).map { Terminal.plain($0) + (isRefusedKey ? Self.keyAdvice : "") }
                ?? "\(base)\(path) answered with status \(response.status): is that a herd-peer?")
    }

    private func noPeer(_ error: OutboundError) -> PeerProblem {
        PeerProblem(words: "No peer answers at \(base): \(error). Start one with 'herd-peer serve', or name one with --url.")
    }

    private func withKey(_ request: OutboundRequest) -> OutboundRequest {
        var request = request
        if let key = ProcessInfo.processInfo.environment["FLEET_API_KEY"], !key.isEmpty {
            request.headers.append(("Authorization", "Bearer \(key)"))
        }
        return request
    }

    /// The peer wants more than was shown, and its folder may hold more.
    private func isRefused(_ status: Int) -> Bool { (status == 401 || status == 403) && Self.isThisMachine(base) }

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
