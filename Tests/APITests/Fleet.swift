import Foundation
import Gossip
import HTTPTypes
import Hummingbird
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOEmbedded

@testable import API

/// A fleet in memory and a client of its routes.
struct Fleet {
    var facts: PeerFacts
    var face: Face = .client
    /// Where requests come from, and where they come to.
    var remote = "127.0.0.1"
    var local = "127.0.0.1"

    /// Three nodes: `desk` (Ollama with `llama3.2`, loaded), `attic` (llama.cpp with `tiny/model`), `couch`, gone.
    static func three() -> Fleet {
        var facts = PeerFacts(version: "0.1.0", startedAt: Date(timeIntervalSince1970: 1_750_000_000))
        facts.admitsLink = { token, pin in token == "secret" && pin == nil }
        let view = FleetView(
            number: 3, selfID: id(1), members: [desk, attic, couch], router: RouterView(id: id(2), epoch: 7, mode: .quorate))
        facts.view = { view }
        facts.now = { .zero + .seconds(100) }
        return Fleet(facts: facts)
    }

    static func id(_ number: UInt64) -> PeerID { PeerID(short: number, low: 0) }

    static var desk: MemberView {
        var member = MemberView(id: id(1), name: "desk", status: .alive)
        var llama = AvailableModel(name: "llama3.2:latest", backend: "ollama")
        llama.digest = String(repeating: "a", count: 64)
        llama.sizeBytes = 2_000_000_000
        llama.family = "llama"
        llama.capabilities = ["completion", "tools"]
        member.models = ModelsReport(
            backends: [BackendReport(id: "ollama", kind: .ollama, version: "0.33.0-rc2", reachable: true, slotsPerModel: 2)],
            loaded: [
                LoadedModel(
                    name: "llama3.2:latest", backend: "ollama", digest: llama.digest, sizeBytes: 3_000_000_000, vramBytes: 0,
                    contextLength: 4_096,
                    expiresInSeconds: 300)
            ],
            available: [llama])
        var hot = HotReport()
        hot.inFlight = 1
        hot.slots = 2
        hot.memoryAvailableMiB = 8_192
        hot.loaded = [HotModel(key: ModelKey(name: "llama3.2"), inFlight: 1, queued: 3)]
        member.hot = hot
        member.fixed = StaticReport(name: "desk")
        member.fixed?.memoryTotalMiB = 16_384
        return member
    }

    static var attic: MemberView {
        var member = MemberView(id: id(2), name: "attic", status: .suspect)
        member.endpoint = Endpoint(.v4(0x0A00_0002), port: 11_445)
        member.source = .mdns
        member.lastHeard = .zero + .seconds(99)
        member.models = ModelsReport(
            backends: [BackendReport(id: "llamacpp", kind: .llamacpp, reachable: true)], loaded: [],
            available: [AvailableModel(name: "tiny/model", backend: "llamacpp")])
        member.hot = HotReport()
        return member
    }

    static var couch: MemberView {
        var member = MemberView(id: id(3), name: "couch", status: .unreachable)
        member.models = ModelsReport(
            backends: [BackendReport(id: "ollama", kind: .ollama, reachable: true)],
            available: [AvailableModel(name: "ghost:latest", backend: "ollama")])
        return member
    }

    /// What a route answers.
    struct Answer {
        let status: Int
        let headers: HTTPFields
        let body: ByteBuffer

        var text: String { String(buffer: body) }
        var json: [String: Any]? { try? JSONSerialization.jsonObject(with: Data(body.readableBytesView)) as? [String: Any] }
    }

    func ask(
        _ method: HTTPRequest.Method, _ path: String, body: String = "", headers: HTTPFields = [:]
    ) async throws -> Answer {
        let head = HTTPRequest(method: method, scheme: "http", authority: "peer", path: path, headerFields: headers)
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer(string: body)))
        let channel = EmbeddedChannel()
        channel.remoteAddress = try SocketAddress(ipAddress: remote, port: 50_000)
        channel.localAddress = try SocketAddress(ipAddress: local, port: 11_435)
        let context = PeerContext(source: .init(channel: channel, logger: Logger(label: "test")))
        let response = await Responder(face: face, facts: facts).respond(to: request, context: context)
        let collector = Collector()
        try await response.body.write(collector)
        return Answer(status: response.status.code, headers: response.headers, body: collector.buffer.withLockedValue { $0 })
    }
}
