import Foundation
import Testing

@testable import Access

@Suite struct AccessGateTests {
    private func gate(_ samples: Sample..., readOnly: Bool = false, owner: String = "") -> AccessGate {
        let gate = AccessGate(ownerToken: owner, readOnlyManagement: readOnly)
        gate.take(samples.map(\.setting))
        return gate
    }

    private let chat = AccessRequest(method: "POST", target: "/api/chat")
    private let pull = AccessRequest(method: "POST", target: "/api/pull")
    private let status = AccessRequest(method: "GET", target: "/fleet/status")

    @Test func withoutKeysEverythingIsOpenAndNothingIsAsked() throws {
        let gate = AccessGate()
        #expect(!gate.isActive && !gate.isInForce)
        gate.take([("max_retries", "1")])
        #expect(!gate.isActive)
        for request in [chat, pull, status] { #expect(try gate.admit(request, at: .at(0)) == nil) }
    }

    @Test func aPeerThatStartsLetsNobodyInBeforeItKnows() {
        let gate = AccessGate(awaitsKeys: true)
        gate.take([])
        #expect(gate.isActive && gate.reason(chat) == .starting && gate.reason(pull) == .starting)
        #expect(gate.reason(AccessRequest(method: "GET", target: "/health")) == nil)
        gate.keysAreKnown()
        #expect(!gate.isActive && gate.reason(chat) == nil)
    }

    @Test func theFirstKeyClosesAndTheLastOneRevokedDoesNotOpen() throws {
        let sample = try Sample(scopes: [.infer])
        let gate = gate(sample)
        #expect(gate.isActive && gate.isInForce)
        var mine = chat
        mine.authorization = sample.bearer
        #expect(gate.reason(chat) == .missing && gate.reason(mine) == nil)
        let revoked = sample.key.revoked(atSeconds: 1)
        gate.take([(revoked.settingKey, revoked.settingValue)])
        #expect(gate.isInForce && gate.reason(mine) == .unknown && gate.reason(chat) == .missing)
        gate.take([])
        #expect(!gate.isActive && gate.reason(chat) == nil)
    }

    /// nomyo-compat N33: there one key for everybody could do everything.
    @Test func n33AKeyIsForItsScopes() throws {
        for scope in Scope.allCases {
            let sample = try Sample(scopes: [scope])
            let gate = gate(sample)
            for (wanted, request) in [(Scope.infer, chat), (.manage, pull), (.observe, status)] {
                var mine = request
                mine.apiKey = [sample.text]
                #expect(gate.reason(mine) == (scope == wanted ? nil : .scope), "\(scope) at \(request.target)")
            }
            // Lists of models take any.
            #expect(gate.reason(AccessRequest(method: "GET", target: "/api/tags", apiKey: [sample.text])) == nil)
            #expect(gate.reason(AccessRequest(method: "GET", target: "/api/tags")) == .missing)
            #expect(gate.reason(AccessRequest(method: "OPTIONS", target: "/api/pull")) == nil)
        }
    }

    @Test func whereAKeyMayBeShown() throws {
        let sample = try Sample(scopes: [.infer, .observe])
        let gate = gate(sample)
        let text = sample.text
        let good: [AccessRequest] = [
            AccessRequest(method: "POST", target: "/api/chat", authorization: ["Bearer \(text)"]),
            AccessRequest(method: "POST", target: "/api/chat", authorization: ["bEARER  \(text)"]),
            AccessRequest(method: "POST", target: "/api/chat", apiKey: [text]),
            // Programs fill the other place with a word that means nothing.
            AccessRequest(method: "POST", target: "/api/chat", authorization: ["Bearer ollama"], apiKey: [text]),
            AccessRequest(method: "POST", target: "/api/chat", authorization: ["Bearer \(text)"], apiKey: ["sk-unused"]),
            AccessRequest(method: "GET", target: "/fleet/status?api_key=\(text)"),
            AccessRequest(method: "GET", target: "/dashboard/events?x=1&api_key=\(text)&y"),
        ]
        for request in good { #expect(gate.reason(request) == nil, "\(request)") }
        let bad: [(AccessRequest, AccessRefusal.Reason)] = [
            (AccessRequest(method: "POST", target: "/api/chat?api_key=\(text)"), .missing),
            (AccessRequest(method: "GET", target: "/api/tags?api_key=\(text)"), .missing),
            (AccessRequest(method: "HEAD", target: "/fleet/status?api_key=\(text)"), .missing),
            (AccessRequest(method: "GET", target: "/fleet/status?key=\(text)"), .missing),
            (AccessRequest(method: "GET", target: "/fleet/status?api_key="), .missing),
            (AccessRequest(method: "POST", target: "/api/chat", authorization: [text]), .missing),
            (AccessRequest(method: "POST", target: "/api/chat", authorization: ["Basic \(text)"]), .missing),
            (AccessRequest(method: "POST", target: "/api/chat", authorization: ["Bearer"]), .missing),
            (AccessRequest(method: "POST", target: "/api/chat", authorization: ["Bearer \(text) "]), .unknown),
            (AccessRequest(method: "POST", target: "/api/chat", authorization: ["Bearer \(text)0"]), .unknown),
            (AccessRequest(method: "POST", target: "/api/chat", apiKey: [String(text.dropLast())]), .unknown),
            (AccessRequest(method: "POST", target: "/api/chat", apiKey: [text.uppercased()]), .unknown),
            (AccessRequest(method: "POST", target: "/api/chat", apiKey: [String(repeating: "x", count: 1 << 20)]), .unknown),
        ]
        for (request, reason) in bad { #expect(gate.reason(request) == reason, "\(request.method) \(request.target)") }
    }

    @Test(
        arguments: [
            ("/a?api_key=x", "/a"), ("/a?b=1&api_key=x&c=2", "/a?b=1&c=2"), ("/a?api_key=x&b", "/a?b"), ("/a?b=hp-KEY", "/a"),
            ("/a", nil), ("/a?b=1", nil), ("/a?my_api_key=x", nil), ("/a?b=hp-1", nil), ("/a?", nil),
        ] as [(String, String?)])
    func queriesLoseTheirKeys(target: String, left: String?) throws {
        let text = try Sample().text
        #expect(AccessRequest.withoutKeys(target.replacingOccurrences(of: "hp-KEY", with: text)) == left)
    }

    /// Targets and headers are a stranger's: whatever is in them, nothing breaks, nobody gets in, and no key is left in a target.
    @Test func whatIsShownMayBeAnything() throws {
        let sample = try Sample(scopes: Set(Scope.allCases))
        let gate = gate(sample)
        var random = Counting(state: 5)
        let parts = [
            "?", "&", "=", "api_key", "api_key=", "hp-", "-", sample.key.id, "Bearer ", "%00", "ä", "/", " ", "\u{0}", "x",
        ]
        func text() -> String {
            (0..<Int.random(in: 0...12, using: &random)).map { _ in parts.randomElement(using: &random) ?? "" }.joined()
        }
        for _ in 0..<5_000 {
            let request = AccessRequest(
                method: ["GET", "POST", "DELETE", "x"].randomElement(using: &random) ?? "", target: "/fleet/status" + text(),
                authorization: [text(), text()], apiKey: [text()])
            let reason = gate.reason(request)
            #expect(reason == .missing || reason == .unknown)
            let target = "/a?" + text() + "&api_key=" + sample.text + "&" + text()
            #expect(AccessRequest.withoutKeys(target)?.contains(sample.text) == false)
        }
    }

    @Test func onlyInferenceIsMetered() throws {
        let sample = try Sample(
            scopes: [.infer, .observe], limits: KeyLimits(concurrency: 1, requestsPerMinute: 2, tokensPerDay: 50))
        let gate = gate(sample)
        var mine = chat
        mine.authorization = sample.bearer
        var look = status
        look.authorization = sample.bearer
        let pass = try #require(try gate.admit(mine, at: .at(0)))
        #expect(pass.keyName == "laptop" && pass.isMetered)
        for _ in 0..<20 {
            let seen = try #require(try gate.admit(look, at: .at(0)))
            #expect(!seen.isMetered)
            gate.finished(seen)
        }
        let refusal = #expect(throws: AccessRefusal.self) { try gate.admit(mine, at: .at(0)) }
        #expect(refusal?.reason == .concurrency && refusal?.status == 429 && refusal?.retryAfterSeconds == 1)
        gate.finished(pass)
        let second = try #require(try gate.admit(mine, at: .at(0)))
        gate.finished(second)
        let late = #expect(throws: AccessRefusal.self) { try gate.admit(mine, at: .at(0)) }
        #expect(late?.reason == .rate && late?.retryAfterSeconds == 30)
        gate.charge(50, to: pass, at: .at(30))
        let used = #expect(throws: AccessRefusal.self) { try gate.admit(mine, at: .at(40)) }
        #expect(used?.reason == .tokens && used?.retryAfterSeconds == 86_400 - 1_040)
        #expect(gate.use(of: sample.key.id, at: .at(40)) == KeyUse(running: 0, admitted: 2, tokensToday: 50))
        #expect(gate.refused.filter { $0.count > 0 }.map(\.reason) == [.concurrency, .rate, .tokens])
        // Looking is still allowed.
        #expect(gate.reason(look) == nil)
    }

    @Test func whatAKeyUsesOutlivesChangesOfOthers() throws {
        let (one, two) = (try Sample("one", limits: KeyLimits(concurrency: 1), seed: 1), try Sample("two", seed: 2))
        let gate = gate(one)
        var mine = chat
        mine.authorization = one.bearer
        let pass = try #require(try gate.admit(mine, at: .at(0)))
        gate.take([one.setting, two.setting])
        #expect(gate.reason(mine) == .concurrency)
        gate.take([two.setting])
        gate.finished(pass)
        gate.charge(5, to: pass, at: .at(0))
        #expect(gate.use(of: one.key.id, at: .at(0)) == KeyUse())
        gate.take([one.setting, two.setting])
        #expect(gate.reason(mine) == nil)
    }

    @Test func tokensFromBeforeARestartCount() throws {
        let sample = try Sample(limits: KeyLimits(tokensPerDay: 100))
        let gate = gate(sample)
        gate.restore(tokensToday: [(sample.key.id, 100), ("00000000", 5)], at: .at(0))
        var mine = chat
        mine.apiKey = [sample.text]
        #expect(gate.reason(mine, at: .at(1)) == .tokens)
        #expect(gate.reason(mine, at: .at(0, day: 20_001)) == nil)
    }

    @Test func readOnlyHoldsWithAndWithoutKeys() throws {
        let sample = try Sample(scopes: [.infer, .manage, .observe])
        let open = gate(readOnly: true)
        #expect(open.isActive && !open.isInForce && open.isReadOnly)
        #expect(open.reason(pull) == .readOnly && open.reason(chat) == nil && open.reason(status) == nil)
        let closed = gate(sample, readOnly: true)
        var mine = pull
        mine.authorization = sample.bearer
        #expect(closed.reason(mine) == .readOnly && closed.reason(chat) == .missing)
        var owners = pull
        owners.isOwner = true
        #expect(closed.reason(owners) == nil && open.reason(owners) == nil)
    }

    @Test func theOwnerNeedsTokenAndMachine() throws {
        let gate = gate(try Sample(), owner: "secret")
        #expect(gate.isOwner(token: "secret", remote: "127.0.0.1", local: "127.0.0.1"))
        #expect(!gate.isOwner(token: "secret", remote: "10.0.0.9", local: "10.0.0.1"))
        for token in [nil, "", "secre", "secret2", "SECRET"] {
            #expect(!gate.isOwner(token: token, remote: "127.0.0.1", local: "127.0.0.1"))
        }
        #expect(!AccessGate().isOwner(token: "", remote: "127.0.0.1", local: "127.0.0.1"))
        var mine = chat
        mine.isOwner = true
        #expect(try gate.admit(mine, at: .at(0)) == nil)
    }

    @Test func refusalsAreInTheCallersForm() throws {
        let key = try Sample("ci.build-2", limits: KeyLimits(concurrency: 1, requestsPerMinute: 1, tokensPerDay: 1)).key
        let all = [
            AccessRefusal.missing, .unknown, .readOnly, .starting, .scope(key, needs: .manage), .init(.concurrency, of: key),
            .init(.rate(retryAfterSeconds: 7), of: key), .init(.tokens(retryAfterSeconds: 70), of: key),
        ]
        #expect(Set(all.map(\.reason)) == Set(AccessRefusal.Reason.allCases))
        for refusal in all {
            func object(_ dialect: RefusalDialect) throws -> [String: Any] {
                try #require(
                    try JSONSerialization.jsonObject(with: Data(refusal.body(dialect).utf8)) as? [String: Any])
            }
            #expect(try object(.ollama)["error"] as? String == refusal.message)
            let openai = try #require(try object(.openai)["error"] as? [String: Any])
            #expect(openai["message"] as? String == refusal.message && openai["param"] is NSNull)
            #expect((openai["code"] as? String == "invalid_api_key") == (refusal.status == 401))
            #expect((openai["code"] as? String == "rate_limit_exceeded") == (refusal.status == 429))
            let anthropic = try object(.anthropic)
            #expect(anthropic["type"] as? String == "error")
            let kind = (anthropic["error"] as? [String: Any])?["type"] as? String
            #expect(
                kind
                    == [
                        401: "authentication_error", 403: "permission_error", 429: "rate_limit_error", 503: "overloaded_error",
                    ][refusal.status])
            #expect((refusal.retryAfterSeconds != nil) == (refusal.status == 429 || refusal.status == 503))
            #expect(
                refusal.headers.contains { $0.0 == "WWW-Authenticate" } == (refusal.status == 401 || refusal.reason == .scope))
        }
    }
}
