import FoundationEssentials
import History
import Testing

/// Forged histories: each wrong one is named with its line, a right one passes.
@Suite("Histories of real peers")
struct HistoryTests {
    private let a = Forgery.a
    private let b = Forgery.b
    private let t = Forgery.t

    @Test("a right history, over a hand-over and a restart")
    func right() {
        var forged = Forgery()
        forged.reign(a, 1, from: 0)
        forged.add(t, at: 3_000, "status", of: a, nil, #","detail":"alive -> unreachable""#)
        forged.reign(b, 2, from: 3_000)
        forged.add(t, 2, at: 9_000, "grant", of: a, 3, until: 11_000)
        forged.add(t, 2, at: 9_100, "command", of: a, 3)
        forged.add(t, 2, at: 9_200, "grow-wings")
        let judge = forged.judge()
        #expect(judge.findings.isEmpty, "\(judge.findings)")
        #expect(judge.peers == 3 && judge.lives == 4 && judge.clock == .boot)
        #expect(judge.table.contains("passed over: 1 grow-wings"))
    }

    @Test("a target that obeys two routers, and one that renews or ends what it has not granted")
    func twoRouters() {
        var forged = Forgery()
        forged.add(t, at: 0, "grant", of: a, 1, until: 2_000)
        forged.add(t, at: 1_999, "grant", of: b, 2, until: 4_000)
        #expect(forged.findings() == ["exclusiveTarget forged:2"])
        for event in ["renew", "expire"] {
            var forged = Forgery()
            forged.add(t, at: 0, event, of: a, 1, until: 2_000)
            #expect(forged.findings() == ["exclusiveTarget forged:1"])
        }
    }

    @Test("an epoch that goes back, over a restart, too")
    func epochBack() {
        var forged = Forgery()
        forged.add(t, at: 0, "grant", of: a, 7, until: 2_000)
        forged.add(t, at: 2_000, "expire", of: a, 7)
        forged.add(t, 2, at: 9_000, "grant", of: b, 7, until: 11_000)
        #expect(forged.findings() == ["epoch forged:3"])
    }

    @Test("a target that forgets in a restart what it granted; a boot clock that began anew says nothing")
    func noQuarantine() {
        var forged = Forgery()
        forged.add(t, at: 10_000, "grant", of: a, 1, until: 12_000)
        forged.add(t, 2, at: 11_500, "grant", of: b, 2, until: 13_500)
        #expect(forged.findings() == ["quarantine forged:2"])
        var rebooted = Forgery()
        rebooted.add(t, at: 10_000, "grant", of: a, 1, until: 12_000)
        rebooted.add(t, 2, at: 500, "grant", of: b, 2, until: 2_500)
        #expect(rebooted.findings() == [])
        var returned = Forgery()
        returned.add(t, at: 10_000, "grant", of: a, 1, until: 12_000)
        returned.add(t, at: 10_500, "expire", of: a, 1)
        returned.add(t, 2, at: 11_000, "grant", of: b, 2, until: 13_000)
        #expect(returned.findings() == [], "what was given back in good order binds nobody")
    }

    @Test("two routers that believe that they hold the same target")
    func twoHolders() {
        func history(oldRouterWritesOn: Bool) -> Forgery {
            var forged = Forgery()
            forged.add(t, at: 0, "grant", of: a, 1, until: 2_000)
            forged.add(a, at: 1, "elect", 1)
            // The target takes A for dead and ends the grant early.
            forged.add(t, at: 500, "expire", of: a, 1)
            forged.add(t, at: 600, "grant", of: b, 2, until: 2_600)
            forged.add(b, at: 601, "elect", 2)
            forged.add(b, at: 2_500, "step-down", 2)
            if oldRouterWritesOn { forged.add(a, at: 1_900, "step-down", 1) }
            return forged
        }
        #expect(history(oldRouterWritesOn: true).findings() == ["exclusiveBelief forged:4"])
        #expect(history(oldRouterWritesOn: false).findings() == [], "a process that was killed holds nothing")
    }

    @Test("a grant that is given back at the end of a life is held by nobody, though its router goes on")
    func givenBack() {
        var forged = Forgery()
        forged.add(t, at: 0, "grant", of: a, 1, until: 2_000)
        forged.add(a, at: 1, "elect", 1)
        forged.add(t, at: 500, "expire", of: a, 1)
        forged.add(t, 2, at: 900, "grant", of: t, 2, until: 2_900)
        forged.add(t, 2, at: 901, "elect", 2)
        forged.add(t, 2, at: 1_000, "step-down", 2)
        forged.add(a, at: 1_900, "step-down", 1)
        #expect(forged.findings() == [])
    }

    @Test("one boot clock is told from several by the distance to the wall clock, also when the wall clock was read late")
    func whichClock() {
        var same = Forgery()
        same.add(a, at: 1_000, "elect", 1, #","detail":"quorate""#)
        same.add(b, at: 2_000, "status")
        same.delay = 900
        same.add(a, at: 5_000, "step-down", 1)
        #expect(same.judge().clock == .boot)
        var two = Forgery()
        two.add(a, at: 1_000, "status")
        two.delay = 900
        two.add(b, at: 1_000, "status")
        #expect(two.judge().clock == .wall)
        var late = Forgery()
        late.hostOffsets = [a: 0, b: 0]
        late.add(a, at: 1_000, "status")
        late.add(b, at: 1_000, "status")
        late.hostOffsets = [a: 36, b: 0]
        late.add(a, at: 2_000, "status")
        #expect(late.judge().clock == .boot, "a line that was written late")
    }

    @Test("holders are compared on the clock that all share")
    func sharedClock() {
        var forged = Forgery()
        // A's boot clock is a minute behind the target's and B's an hour before.
        forged.hostOffsets = [a: 60_000, b: -3_600_000, t: 0]
        forged.add(t, at: 100_000, "grant", of: a, 1, until: 102_000)
        forged.add(a, at: 40_001, "elect", 1)
        forged.add(t, at: 100_500, "expire", of: a, 1)
        forged.add(a, at: 41_900, "step-down", 1)
        forged.add(t, at: 100_600, "grant", of: b, 2, until: 102_600)
        forged.add(b, at: 3_700_601, "elect", 2)
        forged.add(b, at: 3_702_500, "step-down", 2)
        #expect(forged.judge().clock == .host)
        #expect(forged.findings() == ["exclusiveBelief forged:5"])
        #expect(forged.judge(clock: .boot).findings.isEmpty)
    }

    @Test("commands without the grant, of another router, of another epoch, too late")
    func commands() {
        var forged = Forgery()
        forged.add(t, at: 0, "command", of: a, 1)
        forged.add(t, at: 100, "grant", of: a, 2, until: 2_100)
        forged.add(t, at: 200, "command", of: a, 2)
        forged.add(t, at: 300, "command", of: b, 2)
        forged.add(t, at: 400, "command", of: a, 3)
        forged.add(t, at: 2_100, "command", of: a, 3)
        forged.add(t, at: 2_200, "expire", of: a, 2)
        forged.add(t, at: 2_300, "grant", of: a, 4, until: 4_300)
        forged.add(t, at: 4_300, "command", of: a, 4)
        let places = forged.findings().filter { $0.hasPrefix("command") }
        #expect(places == [1, 4, 5, 6, 9].map { "command forged:\($0)" })
        #expect(forged.findings().contains("exclusiveTarget forged:4"), "two routers in one epoch")
    }

    @Test("requests with two ends, none, or another than the client saw")
    func requests() throws {
        var forged = Forgery()
        forged.add(a, at: 0, "request-end", nil, #","request":"r1","detail":"completed""#)
        forged.add(b, at: 5, "request-end", nil, #","request":"r1","detail":"failed""#)
        forged.add(a, at: 6, "request-end", nil, #","request":"r2","detail":"failed""#)
        forged.add(a, at: 7, "request-end", nil, #","request":"r3","detail":"completed""#)
        let text = """
            {"request":"r2","status":200,"complete":true,"error_event":false}
            {"request":"r3","status":200,"complete":true,"error_event":false}
            {"request":"r4","status":200,"complete":true,"error_event":false}
            {"request":null,"status":0,"complete":false,"error_event":false}
            {"request":"r3","status":200,"complete":true,"error_event":false}
            """
        let decoder = JSONDecoder()
        let records = try text.split(separator: "\n").map { try decoder.decode(RequestRecord.self, from: Data($0.utf8)) }
        #expect(forged.findings(records) == ["request forged:2", "request forged:3", "request records", "request records"])
    }

    @Test("slots taken twice, beyond the limit, and given back without being taken; a new life begins with none")
    func slots() {
        func line(_ request: String) -> String { #","request":"\#(request)","key":"m","limit":2"# }
        var forged = Forgery()
        for (at, event, request) in [
            (0, "admit", "r1"), (1, "admit", "r1"), (2, "admit", "r2"), (3, "admit", "r3"), (4, "release", "r2"),
            (5, "release", "r2"), (6, "release", "r1"), (7, "release", "r3"),
        ] { forged.add(a, at: Int64(at), event, nil, line(request)) }
        forged.add(a, 2, at: 8, "admit", nil, line("r3"))
        #expect(forged.findings() == ["slots forged:2", "slots forged:4", "slots forged:6"])
    }

    @Test("a setting with two values for one version, and one that gets older")
    func settings() {
        func line(_ version: [Int], _ value: String) -> String { #","key":"k","version":\#(version),"value":"\#(value)""# }
        var forged = Forgery()
        forged.add(a, at: 0, "setting", nil, line([1, 1, 5], "x"))
        forged.add(a, at: 1, "setting", nil, line([1, 2, 5], "y"))
        forged.add(a, 2, at: 2, "setting", nil, line([1, 1, 5], "x"))
        forged.add(b, at: 3, "setting", nil, line([1, 2, 5], "z"))
        #expect(forged.findings() == ["setting forged:3", "setting forged:4"])
    }

    @Test("torn lines are counted; what stands whole behind one is read")
    func torn() {
        var forged = Forgery()
        forged.add(t, at: 0, "grant", of: a, 1, until: 2_000)
        forged.add(t, at: 2_000, "expire", of: a, 1)
        forged.add(t, 2, at: 9_000, "grant", of: b, 1, until: 11_000)
        let (first, second, third) = (forged.texts[0], forged.texts[1], forged.texts[2])
        var reader = HistoryReader()
        reader.add(Data("\(first)\n\(second.prefix(40))\(third)\n\n\(first.prefix(70))".utf8), named: "torn")
        #expect(reader.damaged == ["torn:2", "torn:4"])
        #expect(reader.lines.map(\.place) == ["torn:1", "torn:2"])
        #expect(HistoryJudge(reader.lines).findings.map(\.place) == ["torn:2"], "the epoch that went back is still seen")
        var junk = HistoryReader()
        junk.add(Data([0, 255, 10, 123, 125, 10, 91, 93]), named: "junk")
        #expect(junk.lines.isEmpty && junk.damaged.count == 3)
        #expect(HistoryJudge([]).findings.isEmpty)
    }
}
