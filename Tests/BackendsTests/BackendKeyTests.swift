import Backends
import Foundation
import Gossip
import HTTPStub
import Outbound
import Testing

/// Keys of engines: where they come from, whom they are shown, and that nothing else tells them.
@Suite struct BackendKeyTests {
    private static let secret = "sk-0123456789"

    private func failure(_ make: () throws(BackendSpecError) -> Void) -> BackendSpecError? {
        do throws(BackendSpecError) {
            try make()
            return nil
        } catch {
            return error
        }
    }

    private func open(
        _ backends: [String], keys: [String: BackendKeySource] = [:], environment: [String: String] = [:]
    ) throws(BackendSpecError) -> [BackendSpec] {
        try BackendSpec.openAll(BackendSpec.all(ollamaHosts: [], backends: backends), keys: keys, environment: environment)
    }

    private func file(_ text: String, mode: Int) throws -> String {
        let path = NSTemporaryDirectory() + "herd-key-\(UUID().uuidString)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    @Test func aVariableHoldsIt() throws {
        for option in ["key-env=MY_KEY", "key=${MY_KEY}"] {
            let spec = try #require(try open(["openai=https://box/v1,\(option)"], environment: ["MY_KEY": Self.secret]).first)
            #expect(spec.access.keyLine?.name == "Authorization")
            #expect(spec.access.keyLine?.value == "Bearer " + Self.secret)
        }
        let missing = failure { () throws(BackendSpecError) in _ = try open(["openai=https://box,key-env=NONE"]) }
        #expect(missing == .noSuchVariable("NONE"))
    }

    @Test func otherHeadersShowItAlone() throws {
        let spec = try #require(
            try open(["openai=https://box,key-env=K,key-header=x-api-key"], environment: ["K": Self.secret]).first)
        #expect(spec.access.keyLine?.name == "x-api-key")
        #expect(spec.access.keyLine?.value == Self.secret)
    }

    @Test func aFileHoldsIt() throws {
        let good = try file(Self.secret + "\n", mode: 0o600)
        let spec = try #require(try open(["openai=https://box,key-file=\(good)"]).first)
        #expect(spec.access.keyLine?.value == "Bearer " + Self.secret)
        let group = try file(Self.secret, mode: 0o640)
        #expect(try open(["openai=https://box,key-file=\(group)"]).first?.access.key != nil)
        func why(_ path: String) -> BackendSpecError? {
            failure { () throws(BackendSpecError) in _ = try open(["openai=https://box,key-file=\(path)"]) }
        }
        for mode in [0o644, 0o602, 0o604] {
            let readable = try file(Self.secret, mode: mode)
            #expect(why(readable) == .keyFileOpen(readable))
        }
        #expect(why("/no/such/file") == .keyFileUnreadable("/no/such/file"))
        #expect(why(NSTemporaryDirectory()) != nil)
        for text in ["", "two\nlines", "sk ä", "a b"] {
            let bad = try file(text, mode: 0o600)
            #expect(why(bad) == .badKey(place: "the file \(bad)"))
        }
    }

    @Test func keysByURL() throws {
        let keys: [String: BackendKeySource] = ["https://Box/v1/": .variable("K"), "http://lan:8889": .variable("L")]
        let specs = try open(
            ["openai=https://box/v1", "llamacpp=http://lan:8889/v1", "vllm=other"], keys: keys,
            environment: ["K": "one", "L": "two"])
        #expect(specs.map { $0.access.keyLine?.value } == ["Bearer one", "Bearer two", nil])
        #expect(specs.map(\.showsKeyOpenly) == [false, true, false])
        func why(_ url: String) -> BackendSpecError? {
            failure { () throws(BackendSpecError) in _ = try open(["vllm=other"], keys: [url: .variable("K")]) }
        }
        #expect(why("https://nobody") == .keyWithoutBackend("https://nobody"))
        let swapped = why(Self.secret)
        #expect(swapped == .keyWithoutURL)
    }

    @Test func nothingRepeatsAKey() throws {
        func why(_ text: String) -> BackendSpecError? {
            failure { () throws(BackendSpecError) in _ = try BackendSpec(argument: text) }
        }
        #expect(why("openai=https://box,key=\(Self.secret)") == .writtenKey)
        #expect(why("openai=https://box,key-env=\(Self.secret)") == .badVariable)
        #expect(why("openai=https://box,key-header=a b") == .badKeyHeader)
        #expect(why("openai=https://box,ca=/no/such/file") == .badCertificateFile("/no/such/file"))
        #expect(why("openai=https://box/v1?key=\(Self.secret)") == .badPath)
        let errors = [why("openai=https://box,key=\(Self.secret)"), why("openai=https://box,key-env=\(Self.secret)")]
        for error in errors { #expect(error?.description.contains(Self.secret) == false) }

        let spec = try #require(try open(["openai=https://box,key-env=K"], environment: ["K": Self.secret]).first)
        var dumped = ""
        dump(spec, to: &dumped)
        for text in ["\(spec)", String(reflecting: spec), dumped, "\(spec.access)"] { #expect(!text.contains(Self.secret)) }
    }

    /// In the environment commas stand between engines and between options alike.
    @Test func optionsOfAList() throws {
        let list = "llamacpp=http://a:8080,slots=4,key-env=K,vllm=http://b:8000,slots=2".split(separator: ",").map(String.init)
        let specs = try BackendSpec.all(ollamaHosts: [], backends: list)
        #expect(specs.map(\.slotsPerModel) == [4, 2])
        #expect(specs.map(\.keySource) == [.variable("K"), nil])
    }

    @Test func probesShowTheKeyAndSayWhenItIsRefused() async throws {
        let stub = try HTTPStub { request in
            request.headers["authorization"] == "Bearer " + Self.secret
                ? request.path == "/v1/models" ? .json(#"{"object":"list","data":[{"id":"m"}]}"#) : .text("no", status: 404)
                : .json(#"{"error":"wrong key"}"#, status: 401)
        }
        func examine(_ key: String?) async throws -> [BackendFinding] {
            let keys: [String: BackendKeySource] = key == nil ? [:] : [stub.url: .variable("K")]
            let spec = try #require(try open(["openai=\(stub.url)/v1"], keys: keys, environment: ["K": key ?? ""]).first)
            return await BackendDoctor(client: OutboundClient(), environment: [:]).examine(spec)
        }
        #expect(try await examine(Self.secret).first?.level == .ok)
        let refused = try await examine("sk-wrong")
        #expect(refused.first?.text == "\(stub.url) refuses the key that it gets (status 401).")
        #expect(refused.first?.advice?.contains("environment variable K") == true)
        let missing = try await examine(nil)
        #expect(missing.first?.text == "\(stub.url) wants a key (status 401).")
        #expect(missing.first?.advice?.contains("key-file=PATH") == true)
    }

    @Test func redirectsAreNotFollowed() async throws {
        let elsewhere = try HTTPStub { _ in .json(#"{"object":"list","data":[]}"#) }
        let stub = try HTTPStub { request in
            request.path == "/v1/models"
                ? StubAnswer.json("{}", status: 307, headers: ["Location": elsewhere.url + "/v1/models"])
                : .text("no", status: 404)
        }
        let spec = try #require(
            try open(["openai=\(stub.url)"], keys: [stub.url: .variable("K")], environment: ["K": Self.secret]).first)
        let findings = await BackendDoctor(client: OutboundClient(), environment: [:]).examine(spec)
        #expect(findings.first?.level == .problem)
        #expect(elsewhere.log.isEmpty)
    }

    @Test func someModelsAreOffered() throws {
        func takes(_ choice: String, _ name: String) throws -> Bool {
            try BackendSpec(argument: "openai=https://box,models=" + choice).models.takes(name)
        }
        #expect(try takes("gpt-4o|o3", "GPT-4o"))
        #expect(try !takes("gpt-4o|o3", "gpt-4o-mini"))
        #expect(try takes("llama3", "llama3:latest"))
        #expect(try takes("*:free", "a/b:free") && takes("a/*", "A/b") && takes("*", "x") && takes("a*b*c", "a12b34c"))
        #expect(try !takes("a*b*c", "acb") && !takes("ab*b", "ab") && !takes("*:free", "free:x"))
        #expect(
            failure { () throws(BackendSpecError) in _ = try BackendSpec(argument: "openai=https://box,models=") } == .badModels)
    }

    @Test func aLongListIsCut() async throws {
        let entries = (0..<1_500).map { #"{"id":"m\#($0)"}"# }.joined(separator: ",")
        let stub = try HTTPStub { request in
            request.path == "/v1/models" ? .json(#"{"object":"list","data":[\#(entries)]}"#) : .text("no", status: 404)
        }
        for (choice, count) in [("", "1024 models"), (",models=m14*", "111 models"), (",models=none", "0 models")] {
            let spec = try BackendSpec(argument: "openai=\(stub.url)\(choice)")
            let findings = await BackendDoctor(client: OutboundClient(), environment: [:], timeout: .seconds(20)).examine(spec)
            #expect(findings.first?.text.contains(" with \(count), ") == true, "\(findings)")
            if choice.hasSuffix("none") { #expect(findings.last?.advice?.contains("models=") == true) }
        }
    }
}
