import Gossip
import NIOCore
import Testing

@testable import FastLane

/// Splices as values: places in odd bodies, cuts with their commas, edits in order.
@Suite struct BodyEditTests {
    private func scan(_ text: String, _ route: LaneRoute = .chat) throws -> BodyScan {
        try BodyScanner.scan(ByteBuffer(string: text), route: route)
    }

    private func text(_ body: String, _ range: Range<Int>?) -> String? {
        range.map { String(decoding: Array(body.utf8)[$0], as: UTF8.self) }
    }

    private func withoutOwn(_ body: String, _ route: LaneRoute = .chat) throws -> String {
        let places = try scan(body, route).places
        var edits = BodyEdits()
        Array(body.utf8).withUnsafeBufferPointer { bytes in
            edits.remove(places.own.ranges(in: bytes) + places.ownTags.ranges(in: bytes))
        }
        return String(decoding: edits.bytes(of: ByteBuffer(string: body)), as: UTF8.self)
    }

    @Test func placesAreNotedInOnePass() throws {
        let body =
            #" { "model":"é\"}", "options" : { "seed":1, "num_ctx" : 4096 , "num_predict":-1,"stop":["num_ctx"] } ,"#
            + #""messages":[{"role":"user","content":"{\"num_ctx\":1}","options":{"num_ctx":7}}],"keep_alive":null,"#
            + #""think":"low","max_tokens":77,"suffix":"x" }"#
        let places = try scan(body).places
        #expect(text(body, places.context?.range) == "4096" && places.context?.value == 4096)
        #expect(text(body, places.predict?.range) == "-1" && places.predict?.value == -1)
        #expect(text(body, places.maxTokens?.range) == "77")
        #expect(places.thinks == true && places.fillsIn)
        guard case .object(let open, false) = places.options, case .null(let null) = places.keepAlive else {
            Issue.record("\(places)")
            return
        }
        #expect(text(body, open..<open + 2) == " \"" && text(body, null) == "null")
        #expect(places.open == 2)
    }

    @Test(arguments: [
        (#"{"model":"a"}"#, nil), (#"{"think":true}"#, true), (#"{"think":false}"#, false), (#"{"think":null}"#, nil),
        (#"{"think":{"a":1}}"#, nil), (#"{"reasoning_effort":"none"}"#, false), (#"{"reasoning_effort":"high"}"#, true),
        (#"{"reasoning":{"effort":"none","x":[1]}}"#, false), (#"{"reasoning":7}"#, nil), (#"{"th\u0069nk":false}"#, false),
    ])
    func whetherThoughtsAreWanted(_ body: String, _ expected: Bool?) throws {
        #expect(try scan(body).places.thinks == expected)
    }

    @Test func theLastOfTwoCountsAndNullTakesBack() throws {
        let twice = #"{"options":{"num_ctx":1,"num_ctx":2},"options":{"seed":3},"model":"a"}"#
        let places = try scan(twice).places
        #expect(text(twice, places.context?.range) == "2")
        guard case .object(let open, false) = places.options else {
            Issue.record("\(places.options)")
            return
        }
        #expect(text(twice, open..<open + 6) == #""seed""#)
        let null = try scan(#"{"options":{"num_ctx":1},"options":null,"model":"a"}"#)
        #expect(null.places.context == nil && null.requestedContext == nil)
        let later = try scan(#"{"options":null,"options":{},"model":"a"}"#)
        #expect(later.places.options == .object(open: 27, isEmpty: true))
    }

    @Test(arguments: [
        (#"{"options":{"num_ctx":"4096"}}"#), (#"{"options":{"num_ctx":null}}"#), (#"{"options":{"num_ctx":[4096]}}"#),
        (#"{"options":[{"num_ctx":4096}]}"#), (#"{"num_ctx":4096}"#), (#"{"x":{"options":{"num_ctx":4096}}}"#),
        (#"{"options":{"num_ctx ":4096}}"#),
    ])
    func numbersElsewhereAreNone(_ body: String) throws {
        #expect(try scan(body).places.context == nil)
    }

    /// Odd numbers stand where they stand, but have no value.
    @Test(arguments: ["4096.0", "4e3", "99999999999999999999999", "-0.5"])
    func numbersThatAreNotWhole(_ number: String) throws {
        let body = #"{"options":{"num_ctx":\#(number)}}"#
        let scan = try scan(body)
        #expect(text(body, scan.places.context?.range) == number && scan.places.context?.value == nil)
        #expect(scan.requestedContext == nil)
    }

    @Test(arguments: [
        (#"{"model":"a"}"#, #"{"model":"a"}"#),
        (#"{"fallback_models":["b"],"model":"a"}"#, #"{"model":"a"}"#),
        (#"{ "fallback" : true , "fallback_models" : [ ] , "model":"a"}"#, #"{  "model":"a"}"#),
        (#"{"model":"a","fallback":false}"#, #"{"model":"a"}"#),
        (#"{"model":"a" , "fallback":false , "fallback_models":["x,\"}"]}"#, #"{"model":"a"  }"#),
        (#"{"fallback":true,"model":"a","fallback_models":[],"x":1,"fallback":false}"#, #"{"model":"a","x":1}"#),
        (#"{"model":"a","metadata":{"tags":["t"],"run":1},"x":2}"#, #"{"model":"a","x":2}"#),
        (#"{"model":"a","metadata":"text","x":2}"#, #"{"model":"a","metadata":"text","x":2}"#),
        (#"{"fallb\u0061ck":true,"model":"a"}"#, #"{"model":"a"}"#),
        (#"{"x":{"fallback":true},"model":"a","é":"fallback"}"#, #"{"x":{"fallback":true},"model":"a","é":"fallback"}"#),
    ])
    func theFleetsFieldsAreCutWithTheirCommas(_ body: String, _ expected: String) throws {
        #expect(try withoutOwn(body) == expected)
    }

    /// OpenAI and Anthropic have a `metadata` of their own.
    @Test(arguments: [
        (#"{"model":"a","metadata":{"tags":["t"]}}"#, #"{"model":"a"}"#),
        (#"{"model":"a","metadata":{"tags":["t"],"run":"1"}}"#, #"{"model":"a","metadata":{"run":"1"}}"#),
        (#"{"model":"a","metadata":{"run":"1" , "tags":["t"], "x":"2"}}"#, #"{"model":"a","metadata":{"run":"1" , "x":"2"}}"#),
        (#"{"model":"a","metadata":{"user_id":"u"}}"#, #"{"model":"a","metadata":{"user_id":"u"}}"#),
        (#"{"model":"a","metadata":{"tags":"one,two"}}"#, #"{"model":"a","metadata":{"tags":"one,two"}}"#),
        (#"{"model":"a","metadata":{}}"#, #"{"model":"a","metadata":{}}"#),
    ])
    func vendorsMetadataStays(_ body: String, _ expected: String) throws {
        #expect(try withoutOwn(body, .openaiChat) == expected)
    }

    @Test func editsKeepTheirOrderAndNeverOverlap() {
        var edits = BodyEdits()
        let body = ByteBuffer(string: "0123456789")
        #expect(edits.isEmpty && edits.parts(of: body) == [body])
        edits.replace(8..<10, with: "H")
        edits.remove([1..<3])
        edits.replace(1..<1, with: "a")
        edits.replace(1..<1, with: "b")
        edits.replace(2..<5, with: "never")
        edits.replace(3..<3, with: "c")
        #expect(String(decoding: edits.bytes(of: body), as: UTF8.self) == "0abc34567H")
        #expect(edits.parts(of: body).map { String(buffer: $0) } == ["0", "a", "b", "c", "34567", "H"])
        // A body that is shorter than it was is sent without what is beyond it.
        #expect(String(decoding: edits.bytes(of: ByteBuffer(string: "01")), as: UTF8.self) == "0ab1")
    }

    /// Whatever the members and their order: what is left is JSON with all the other members.
    @Test func randomBodiesStayJSON() throws {
        var generator = SeededGenerator(seed: 4)
        let others = [
            #""x" : [1,{"fallback":2}]"#, #""\u0061,b":"},{\",\"""#, #""options":{ }"#, #""é":null"#, "\n\"t\":\ttrue ",
            #""user":"u""#,
        ]
        let own = [#""fallback":true"#, #" "fallback_models" : ["a,b","}"] "#, #""metadata":{"tags":[],"k":{"a":[]}}"#]
        for _ in 0..<1_000 {
            var members = others.shuffled(using: &generator).prefix(Int.random(in: 0...4, using: &generator)) + [#""model":"m""#]
            let kept = members
            for member in own.shuffled(using: &generator).prefix(Int.random(in: 0...3, using: &generator)) {
                members.insert(member, at: Int.random(in: 0...members.count, using: &generator))
            }
            let body = "{" + members.joined(separator: ",") + "}"
            let left = try withoutOwn(body)
            let rest = try scan(left)
            #expect(rest.places.own.isEmpty && rest.places.own.count == kept.count && rest.model == "m", "\(body) → \(left)")
            for member in kept { #expect(left.contains(text: member), "\(body) → \(left)") }
        }
    }

    /// Bodies broken at random: what the scanner takes stays JSON, with the same model, however much is spliced.
    @Test func fuzzedBodiesStayJSON() throws {
        var generator = SeededGenerator(seed: 20_261_122)
        let seeds = [
            #"{"fallback":true,"model":"m","options":{"num_ctx":1,"s":2},"fallback_models":["b"],"metadata":{"tags":["x"],"a":1}}"#,
            #"{"model":"m","options":{},"keep_alive":null,"metadata":{"tags":[]},"fallback":false}"#,
            #"{"options":null,"model":"m","messages":[{"content":"a\u0022,"}]}"#,
        ].map { Array($0.utf8) }
        var accepted = 0
        for round in 0..<6_000 {
            var bytes = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 0...2, using: &generator) {
                let at = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[at] = Array("{}[],:\" 1".utf8).randomElement(using: &generator) ?? 0
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(contentsOf: bytes[..<at].suffix(30), at: at)
                default: bytes.insert(contentsOf: Array(#","fallback":1"#.utf8), at: at)
                }
            }
            let body = ByteBuffer(bytes: bytes)
            let route: LaneRoute = round.isMultiple(of: 2) ? .chat : .openaiChat
            guard let scan = try? BodyScanner.scan(body, route: route), let model = scan.model else { continue }
            accepted += 1
            let spliced = splice(bytes, scan.places)
            let after = try BodyScanner.scan(ByteBuffer(bytes: spliced), route: route)
            let text = "\(String(decoding: bytes, as: UTF8.self)) → \(String(decoding: spliced, as: UTF8.self))"
            #expect(after.model == model, "\(text)")
            if scan.places.options != .other { #expect(after.requestedContext == 4096, "\(text)") }
            #expect(after.places.own.isEmpty || scan.places.own.cutCount == MemberCuts.limit, "\(text)")
        }
        #expect(accepted > 1_000 && accepted < 6_000)
    }

    /// A context, as a request gets it, and nothing of the fleet's.
    private func splice(_ bytes: [UInt8], _ places: BodyPlaces) -> [UInt8] {
        var edits = BodyEdits()
        if let context = places.context {
            edits.replace(context.range, with: "4096")
        } else {
            switch places.options {
            case .absent: edits.replace(places.open..<places.open, with: #""options":{"num_ctx":4096},"#)
            case .object(let open, let isEmpty): edits.replace(open..<open, with: #""num_ctx":4096"# + (isEmpty ? "" : ","))
            case .null(let range): edits.replace(range, with: #"{"num_ctx":4096}"#)
            case .other: break
            }
        }
        bytes.withUnsafeBufferPointer { edits.remove(places.own.ranges(in: $0) + places.ownTags.ranges(in: $0)) }
        return edits.bytes(of: ByteBuffer(bytes: bytes))
    }

    @Test func notesSurviveTheWayBetweenPeers() {
        var notes = RewriteNotes()
        notes.add(.changed, "num_ctx", from: "2048", to: "4096")
        notes.add(.changed, "keep_alive", to: "\"10m\"")
        notes.add(.reload, "num_ctx", from: "8192", to: "4096")
        notes.add(.overflow, "context", from: "9000", to: "4096")
        notes.add(.budget, "limit", from: "100", to: "1024")
        #expect(RewriteNotes(notes.text) == notes)
        #expect(notes.budget == 1024)
        #expect(notes.headers.map(\.0) == ["X-Fleet-Rewrites", "X-Fleet-Context-Reload", "X-Fleet-Context-Overflow"])
        #expect(notes.headers.map(\.1).first == "num_ctx=2048>4096, keep_alive=>\"10m\"")
        for _ in 0..<40 { notes.add(.changed, "x") }
        #expect(notes.notes.count == RewriteNotes.limit)
    }

    @Test(arguments: ["", ",,,", "=", ">=", "!", "a=b", "~=>", "num_ctx>1=2", String(repeating: "a=b>c,", count: 10_000)])
    func aPeersNonsenseIsBounded(_ text: String) {
        #expect(RewriteNotes(text).notes.count <= RewriteNotes.limit)
    }

    @Test func thoughtsAreAShareOfTheText() {
        func read(_ text: String) -> AnswerThoughts { Array(text.utf8).withUnsafeBytes { AnswerThoughts.read($0) } }
        let chat = read(#"{"message":{"role":"assistant","thinking":"abcdef","content":"gh"},"done":true,"eval_count":40}"#)
        #expect(chat.tokens(of: 40) == 30)
        let generate = read(#"{"response":"abcd","thinking":"efgh"}"#)
        #expect(generate.tokens(of: 9) == 5)
        let openAI = read(
            #"{"choices":[{"message":{"content":"a","reasoning":"bbb"}}],"#
                + #""usage":{"completion_tokens_details":{"reasoning_tokens":7}}}"#
        )
        #expect(openAI.tokens(of: 10) == 7 && openAI.tokens(of: 5) == 5)
        for text in ["", "{", "[]", "no JSON", #"{"thinking":"a""#, #"{"content":1}"#] { #expect(read(text).tokens(of: 10) == 0) }
    }
}
