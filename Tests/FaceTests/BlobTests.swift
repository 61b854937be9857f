import Crypto
import DemoEngine
import FastLane
import Gossip
import NIOCore
import NIOPosix
import Testing

/// Files for new models, through peers (api-contracts §1; nomyo-compat N27).
@Suite struct BlobTests {
    private static func digest(_ bytes: [UInt8]) -> String {
        "sha256:" + SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// `near` without an engine, and two machines with a demo engine each; the first has more memory free.
    private struct Fleet {
        let near: FacePeer
        let far: [FacePeer]
        let engines: [DemoEngine]

        init() async throws {
            near = try await FacePeer("near", number: 1)
            far = [try await FacePeer("big", number: 2), try await FacePeer("small", number: 3)]
            engines = [try await DemoEngine.start(), try await DemoEngine.start()]
            for (peer, engine) in zip(far, engines) {
                try peer.use(engine.port, models: ["tiny:latest"])
                peer.see([peer.member(models: ["tiny:latest"])])
            }
            see(freeMiB: [64_000, 1_000], number: 1)
        }

        func see(freeMiB: [UInt32], number: UInt64) {
            let members = zip(far, freeMiB).map { $0.member(models: ["tiny:latest"], freeMiB: $1) }
            near.see([near.member(kind: nil)] + members, number: number)
        }

        func stop() async {
            for peer in [near] + far { await peer.stop() }
            for engine in engines { await engine.stop() }
        }
    }

    @Test func filesAndTheirModelComeToOneMachine() async throws {
        let fleet = try await Fleet()
        let files = [Array("first".utf8), Array("second".utf8)]
        for (number, file) in files.enumerated() {
            let path = "/api/blobs/\(Self.digest(file))"
            let before = try await fleet.near.ask("HEAD", path)
            #expect(before.status == 404 && before.text.isEmpty)
            let sent = try await fleet.near.ask("POST", path, body: file)
            #expect(sent.status == 201 && sent["x-fleet-node"] == "big" && sent["content-length"] == "0")
            #expect(try await fleet.near.ask("HEAD", path).status == 200)
            #expect(try await fleet.near.ask("POST", path, body: file).status == 200)
            // The other machine would be the better one from now on: the rest goes to the first all the same.
            fleet.see(freeMiB: [1_000, 64_000], number: UInt64(number) + 2)
        }
        let names = files.enumerated().map { #""f\#($0.offset).gguf":"\#(Self.digest($0.element))""# }.joined(separator: ",")
        let made = try await fleet.near.ask("POST", "/api/create", json: #"{"model":"mine","files":{\#(names)},"stream":false}"#)
        #expect(made.status == 200 && made["x-fleet-node"] == "big" && made.text == #"{"status":"success"}"#)
        #expect(fleet.engines[1].log.entries.allSatisfy { !$0.path.contains("/api/create") })
        await fleet.stop()
    }

    /// Another peer took the files: the machines are asked who has them.
    @Test func aModelIsMadeWhereItsFilesAre() async throws {
        let fleet = try await Fleet()
        let file = Array("weights".utf8)
        let sent = try await fleet.far[1].ask("POST", "/api/blobs/\(Self.digest(file))", body: file)
        #expect(sent.status == 201 && sent["x-fleet-node"] == "small")
        let body = #"{"model":"mine","files":{"f.gguf":"\#(Self.digest(file))"},"stream":false}"#
        let made = try await fleet.near.ask("POST", "/api/create", json: body)
        #expect(made.status == 200 && made["x-fleet-node"] == "small")
        // A question for a file that some machine has decides where the others go.
        #expect(try await fleet.near.ask("HEAD", "/api/blobs/\(Self.digest(file))").status == 200)
        let other = Array("adapter".utf8)
        let second = try await fleet.near.ask("POST", "/api/blobs/\(Self.digest(other))", body: other)
        #expect(second["x-fleet-node"] == "small")
        await fleet.stop()
    }

    @Test func aMachineIsNamed() async throws {
        let fleet = try await Fleet()
        let file = Array("x".utf8)
        let path = "/api/blobs/\(Self.digest(file))"
        #expect(try await fleet.near.ask("POST", path + "?node_id=small", body: file)["x-fleet-node"] == "small")
        #expect(try await fleet.near.ask("HEAD", path + "?node_id=small").status == 200)
        #expect(try await fleet.near.ask("HEAD", path + "?node_id=big").status == 404)
        let nobody = try await fleet.near.ask("POST", path + "?node_id=nobody", body: file)
        #expect(nobody.status == 404 && nobody.text.contains("big, small"))
        await fleet.stop()
    }

    @Test func badDigestsAreRefused() async throws {
        let fleet = try await Fleet()
        for digest in [
            "zzz", "sha256:12", "sha256:" + String(repeating: "g", count: 64), "md5:" + String(repeating: "0", count: 67),
        ] {
            let posted = try await fleet.near.ask("POST", "/api/blobs/\(digest)", body: [1])
            #expect(posted.status == 400 && posted.text == #"{"error":"invalid digest format"}"#)
            let asked = try await fleet.near.ask("HEAD", "/api/blobs/\(digest)")
            #expect(asked.status == 400 && asked.text.isEmpty && asked["content-length"] == "33")
        }
        let zeros = "sha256:" + String(repeating: "0", count: 64)
        let wrong = try await fleet.near.ask("POST", "/api/blobs/\(zeros)", body: Array("not it".utf8))
        #expect(wrong.status == 400 && wrong.text.contains("digest mismatch"))
        #expect(fleet.engines.allSatisfy { $0.log.entries.allSatisfy { !$0.path.contains("zzz") } })
        let get = try await fleet.near.ask("GET", "/api/blobs/\(zeros)")
        #expect(get.status == 405 && get["allow"] == "HEAD, POST")
        await fleet.stop()
    }

    @Test func strangersBringNothingToTheMeshPort() async throws {
        let fleet = try await Fleet()
        let port = try #require(fleet.far[0].ports.mesh)
        let path = "/api/blobs/\(Self.digest([1]))"
        for method in ["HEAD", "POST"] {
            let answer = try await FaceClient.ask(port: port, method, path, headers: [("X-Herd-Fleet", "wrong")], body: [1])
            #expect(answer.status == 403)
        }
        #expect(fleet.engines[0].log.entries.isEmpty)
        await fleet.stop()
    }

    /// Longer than what a peer keeps of any other body, over the hop, without a length told beforehand.
    @Test func aLargeFilePassesAsItComes() async throws {
        let fleet = try await Fleet()
        let piece = [UInt8](repeating: 7, count: 1 << 20)
        let count = 280
        var hash = SHA256()
        for _ in 0..<count { hash.update(data: piece) }
        let digest = "sha256:" + hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let answer = try await FaceClient.ask(
            port: fleet.near.ports.client, "POST", "/api/blobs/\(digest)", headers: [("Transfer-Encoding", "chunked")],
            pieces: repeatElement(piece, count: count))
        #expect(answer.status == 201 && answer["x-fleet-node"] == "big")
        await fleet.stop()
    }

    /// The machine that was chosen does not answer: another one is, since nothing was sent yet.
    @Test func aMachineThatIsNotThereIsPassedOver() async throws {
        let fleet = try await Fleet()
        await fleet.far[0].stop()
        let file = Array("y".utf8)
        let sent = try await fleet.near.ask("POST", "/api/blobs/\(Self.digest(file))", body: file)
        #expect(sent.status == 201 && sent["x-fleet-node"] == "small")
        for peer in [fleet.near, fleet.far[1]] { await peer.stop() }
    }

    @Test func aFleetWithoutOllamaSaysSo() async throws {
        let peer = try await FacePeer("alone", number: 1)
        peer.see([peer.member(kind: nil)])
        let answer = try await peer.ask("POST", "/api/blobs/\(Self.digest([1]))", body: [1])
        #expect(answer.status == 503 && answer.text.contains("no machine"))
        #expect(try await peer.ask("HEAD", "/api/blobs/\(Self.digest([1]))").status == 503)
        await peer.stop()
    }

    /// The client leaves in the middle: the engine's connection ends, too, and nothing is kept.
    @Test func aClientThatLeavesEndsTheUpload() async throws {
        let engine = try await SilentEngine()
        let near = try await FacePeer("near", number: 1)
        let far = try await FacePeer("far", number: 2)
        try far.use(engine.port, models: [])
        far.see([far.member()])
        near.see([near.member(kind: nil), far.member()])
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: near.ports.client).get()
        let path = "/api/blobs/\(Self.digest([9]))"
        let head = "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nbeginning"
        try await channel.writeAndFlush(ByteBuffer(string: head))
        #expect(try await engine.has(1))
        try await channel.close()
        #expect(try await engine.has(0))
        for peer in [near, far] { await peer.stop() }
        await engine.stop()
    }
}
