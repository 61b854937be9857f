import Foundation

/// The requests by which several opinions become one answer, made of the client's own: three answers at temperature 1, a
/// critique of each, and a last question with all of them (nomyo-compat §7).
public struct EnsembleBodies {
    /// Answers that are asked for.
    public static let opinions = 3
    /// Of an answer or critique so many bytes go into the next question.
    public static let textLimit = 32 << 10

    private let request: [String: Any]
    private let model: String
    /// The last thing that the user said.
    private let question: String

    /// Reads a chat; nil for what is none.
    public init?(_ body: [UInt8], model: String) {
        guard let request = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any],
            let messages = request["messages"] as? [[String: Any]],
            let question = messages.last(where: { $0["role"] as? String == "user" })?["content"] as? String
        else { return nil }
        self.request = request
        self.model = model
        self.question = question
    }

    /// The client's own question, answered in one piece and freely.
    public var opinion: [UInt8] {
        var body = bare(request)
        body["messages"] = request["messages"]
        var options = request["options"] as? [String: Any] ?? [:]
        options["temperature"] = 1
        body["options"] = options
        return bytes(body)
    }

    /// A critique of one answer.
    public func critique(of answer: String, number: Int) -> [UInt8] {
        var body = bare(request)
        body["messages"] = [
            [
                "role": "user",
                "content": """
                Somebody asked:

                \(question)

                Answer \(number) of \(Self.opinions):

                \(Self.short(answer))

                Judge this answer: what is right in it, what is wrong or missing? Be brief, and end with a mark from 1 to 10.
                """,
            ]
        ]
        return bytes(body)
    }

    /// The last question, which is answered to the client in the way that it asked for.
    ///
    /// - Parameter judged: answers, each with its critique where there is one.
    public func judge(_ judged: [(answer: String, critique: String?)]) -> [UInt8] {
        var body = request
        body["model"] = model
        body["tools"] = nil
        body["nomyo"] = nil
        let parts = judged.enumerated().map { number, one in
            "Answer \(number + 1):\n\n\(Self.short(one.answer))"
                + (one.critique.map { "\n\nCritique of answer \(number + 1):\n\n\(Self.short($0))" } ?? "")
        }
        var messages = request["messages"] as? [[String: Any]] ?? []
        messages.append([
            "role": "user",
            "content": parts.joined(separator: "\n\n")
                + "\n\nThese are answers to my last question, with critiques. Give me the best answer to that question, "
                + "corrected where a critique is right. Give the answer only, and say nothing of answers and critiques.",
        ])
        body["messages"] = messages
        return bytes(body)
    }

    /// The text of a whole answer; nil where there is none.
    public static func text(of answer: [UInt8]) -> String? {
        guard let object = try? JSONSerialization.jsonObject(with: Data(answer)) as? [String: Any],
            let text = (object["message"] as? [String: Any])?["content"] as? String, !text.isEmpty
        else { return nil }
        return text
    }

    /// What a question of our own takes over of the client's.
    private func bare(_ request: [String: Any]) -> [String: Any] {
        var body: [String: Any] = ["model": model, "stream": false]
        for key in ["options", "keep_alive", "think"] { body[key] = request[key] }
        return body
    }

    private func bytes(_ body: [String: Any]) -> [UInt8] {
        (try? JSONSerialization.data(withJSONObject: body, options: [.sortedKeys, .withoutEscapingSlashes])).map(Array.init) ?? []
    }

    private static func short(_ text: String) -> String {
        text.utf8.count <= textLimit ? text : String(decoding: text.utf8.prefix(textLimit), as: UTF8.self) + " …"
    }
}
