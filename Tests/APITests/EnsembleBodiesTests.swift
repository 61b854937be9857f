import Foundation
import Testing

@testable import API

/// The seven requests of a `moe-` model.
@Suite struct EnsembleBodiesTests {
    private static let chat =
        #"{"model":"moe-tiny","stream":true,"options":{"temperature":0.2,"seed":7},"tools":[{}],"keep_alive":"5m","#
        + #""messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Why is the sky blue?"}]}"#

    private func object(_ body: [UInt8]) throws -> NSDictionary {
        try #require(try JSONSerialization.jsonObject(with: Data(body)) as? NSDictionary)
    }

    private func bodies() throws -> EnsembleBodies {
        try #require(EnsembleBodies(Array(Self.chat.utf8), model: "tiny"))
    }

    @Test func opinionsAreFreeAndInOnePiece() throws {
        let body = try object(bodies().opinion)
        #expect(body["model"] as? String == "tiny" && body["stream"] as? Bool == false && body["tools"] == nil)
        let options = try #require(body["options"] as? NSDictionary)
        #expect(options["temperature"] as? Int == 1 && options["seed"] as? Int == 7 && body["keep_alive"] as? String == "5m")
        #expect((body["messages"] as? [NSDictionary])?.map { $0["content"] as? String } == ["Be kind.", "Why is the sky blue?"])
    }

    @Test func critiquesKnowQuestionAndAnswer() throws {
        let body = try object(bodies().critique(of: "Because of Rayleigh.", number: 2))
        let said = try #require((body["messages"] as? [NSDictionary])?.first?["content"] as? String)
        #expect(said.contains("Why is the sky blue?") && said.contains("Answer 2 of 3:\n\nBecause of Rayleigh."))
    }

    /// N13: the judge gets words, and answers in the way that the client asked for.
    @Test func theJudgeSeesTextsAndTheClientsWishes_N13() throws {
        let body = try object(bodies().judge([("Rayleigh.", "Right: 9"), ("The sea.", nil)]))
        #expect(body["model"] as? String == "tiny" && body["stream"] as? Bool == true && body["tools"] == nil)
        #expect((body["options"] as? NSDictionary)?["temperature"] as? Double == 0.2)
        let messages = try #require(body["messages"] as? [NSDictionary])
        let last = try #require(messages.last?["content"] as? String)
        #expect(messages.count == 3)
        #expect(
            last.hasPrefix("Answer 1:\n\nRayleigh.\n\nCritique of answer 1:\n\nRight: 9\n\nAnswer 2:\n\nThe sea.\n\nThese are"))
    }

    @Test func longTextsAreCut() throws {
        let long = String(repeating: "é", count: 100_000)
        let body = try object(bodies().judge([(long, long)]))
        let last = try #require((body["messages"] as? [NSDictionary])?.last?["content"] as? String)
        #expect(last.utf8.count < 2 * EnsembleBodies.textLimit + 1_000)
    }

    @Test(arguments: ["", "[]", "{}", #"{"messages":"x"}"#, #"{"messages":[{"role":"system","content":"x"}]}"#])
    func whatIsNoQuestionIsNone(_ body: String) {
        #expect(EnsembleBodies(Array(body.utf8), model: "tiny") == nil)
    }

    @Test func textsAreFoundInWholeAnswers() {
        #expect(EnsembleBodies.text(of: Array(#"{"message":{"content":"a"},"done":true}"#.utf8)) == "a")
        for none in ["", "{}", #"{"error":"no"}"#, #"{"message":{"content":""}}"#] {
            #expect(EnsembleBodies.text(of: Array(none.utf8)) == nil)
        }
    }
}
