/// `/v1/responses`.
struct ResponsesFormat: AnswerFormat {
    var number: Int
    var created: Int64
    var model: String
    var instructions: JSONValue
    var maximumOutput: JSONValue
    var tools: JSONValue
    private var sequence = 0
    private var text = ""
    private var isOpen = false

    init(number: Int, created: Int64, model: String, instructions: JSONValue, maximumOutput: JSONValue, tools: JSONValue) {
        self.number = number
        self.created = created
        self.model = model
        self.instructions = instructions
        self.maximumOutput = maximumOutput
        self.tools = tools
    }

    var streamHeaders: [(String, String)] { [("Cache-Control", "no-cache"), ("Connection", "keep-alive")] }

    private var responseID: String { "resp_\(number)" }
    private var itemID: String { "msg_\(number)" }

    mutating func opening() -> String {
        let response = object(status: "in_progress", output: [], end: nil)
        return event("created", ["response": response]) + event("in_progress", ["response": response])
    }

    mutating func piece(_ piece: AnswerPlan.Piece) -> String {
        guard case .content(let word) = piece else { return "" }
        let opening = open()
        text += word
        return opening + event("output_text.delta", position(["delta": .string(word), "logprobs": []]))
    }

    mutating func closing(_ end: AnswerEnd) -> String {
        guard end.isToolCall else {
            var output = open()
            output += event("output_text.done", position(["logprobs": [], "text": .string(text)]))
            output += event("content_part.done", position(["part": part(text)]))
            let item = message(text, status: "completed")
            output += event("output_item.done", ["item": item, "output_index": 0])
            return output + event("completed", ["response": object(status: "completed", output: [item], end: end)])
        }
        let item = call(end)
        var output = event("output_item.added", ["item": item, "output_index": 0])
        output += event(
            "function_call_arguments.done",
            ["arguments": .string(AnswerPlan.toolArguments.text), "item_id": .string("fc_\(responseID)_0"), "output_index": 0])
        output += event("output_item.done", ["item": item, "output_index": 0])
        return output + event("completed", ["response": object(status: "completed", output: [item], end: end)])
    }

    func brokenRunner() -> String { "" }

    func whole(_ pieces: [AnswerPlan.Piece], _ end: AnswerEnd) -> JSONValue {
        object(status: "completed", output: [end.isToolCall ? call(end) : message(pieces.content, status: "completed")], end: end)
    }

    private mutating func open() -> String {
        guard !isOpen else { return "" }
        isOpen = true
        var item = message("", status: "in_progress")
        if case .object(var members) = item, let index = members.firstIndex(where: { $0.key == "content" }) {
            members[index].value = []
            item = .object(members)
        }
        return event("output_item.added", ["item": item, "output_index": 0])
            + event("content_part.added", position(["part": part("")]))
    }

    private func part(_ text: String) -> JSONValue {
        ["type": "output_text", "text": .string(text), "annotations": [], "logprobs": []]
    }

    private func message(_ text: String, status: String) -> JSONValue {
        ["id": .string(itemID), "type": "message", "status": .string(status), "role": "assistant", "content": [part(text)]]
    }

    private func call(_ end: AnswerEnd) -> JSONValue {
        [
            "id": .string("fc_\(responseID)_0"), "type": "function_call", "status": "completed", "call_id": .string(end.callID),
            "name": .string(AnswerPlan.toolName), "arguments": .string(AnswerPlan.toolArguments.text),
        ]
    }

    private func position(_ rest: JSONValue) -> JSONValue {
        guard case .object(let members) = rest else { return rest }
        return .object(
            [
                .init(key: "content_index", value: 0), .init(key: "item_id", value: .string(itemID)),
                .init(key: "output_index", value: 0),
            ] + members)
    }

    private mutating func event(_ name: String, _ rest: JSONValue) -> String {
        guard case .object(let members) = rest else { return "" }
        let tail: [JSONValue.Member] = [
            .init(key: "sequence_number", value: .integer(Int64(sequence))),
            .init(key: "type", value: .string("response.\(name)")),
        ]
        sequence += 1
        return "event: response.\(name)\ndata: \(JSONValue.object(members + tail).text)\n\n"
    }

    private func object(status: String, output: JSONValue, end: AnswerEnd?) -> JSONValue {
        let usage: JSONValue? = end.map { end in
            [
                "input_tokens": .integer(Int64(end.promptTokens)), "output_tokens": .integer(Int64(end.evalCount)),
                "total_tokens": .integer(Int64(end.promptTokens + end.evalCount)),
                "input_tokens_details": ["cached_tokens": 0], "output_tokens_details": ["reasoning_tokens": 0],
            ]
        }
        return [
            "id": .string(responseID), "object": "response", "created_at": .integer(created),
            "completed_at": end == nil ? nil : .integer(created), "status": .string(status), "incomplete_details": nil,
            "model": .string(model), "previous_response_id": nil, "instructions": instructions, "output": output, "error": nil,
            "tools": tools, "tool_choice": "auto", "truncation": "disabled", "parallel_tool_calls": true,
            "text": ["format": ["type": "text"]], "top_p": 1, "presence_penalty": 0, "frequency_penalty": 0, "top_logprobs": 0,
            "temperature": 1, "reasoning": nil, "usage": usage ?? nil, "max_output_tokens": maximumOutput, "max_tool_calls": nil,
            "store": false, "background": false, "service_tier": "default", "metadata": [:], "safety_identifier": nil,
            "prompt_cache_key": nil,
        ]
    }
}
