/// Writes answers of OpenAI's Responses API: one response, or the events of a stream.
struct ResponsesAnswerWriter: AnswerWriter {
    /// What the output item that is being written is.
    private enum Item: Sendable, Hashable {
        case reasoning, message
        case call(Int)
    }

    private let setting: AnswerSetting
    private let responseID: String
    private var ids: IDMaker
    private var kept: KeptBytes
    private var sequence = 0
    private var started = false
    private var item: Item?
    private var itemID = ""
    private var callID = ""
    private var callName = ""
    private var text = ""
    private var logprobs: [JSON] = []
    private var newLogprobs: [JSON] = []
    private var calls = 0
    private var lastCall = -1
    private var output: [JSON] = []
    private var usage = TokenUsage()
    private var reason: FinishReason?

    init(_ setting: AnswerSetting) {
        self.setting = setting
        ids = IDMaker(seed: setting.context.idSeed)
        responseID = ids.next("resp_")
        kept = KeptBytes(limit: setting.limits.maximumKeptBytes)
    }

    mutating func take(_ event: AnswerEvent, at elapsed: Duration, to bytes: inout [UInt8]) throws(TranslationError) {
        switch event {
        case .thinking(let more):
            open(.reasoning, at: elapsed, to: &bytes)
            try kept.add(more)
            text += more
            send("response.reasoning_summary_text.delta", place("summary_index").with(["delta": .string(more)]), to: &bytes)
        case .text(let more), .refusal(let more):
            open(.message, at: elapsed, to: &bytes)
            try kept.add(more)
            text += more
            let list = JSON.array(newLogprobs)
            newLogprobs = []
            let place = place("content_index").with(["delta": .string(more), "logprobs": list])
            send("response.output_text.delta", place, to: &bytes)
        case .call(let piece): try take(piece, at: elapsed, to: &bytes)
        case .logprobs(let list):
            guard logprobs.count + list.count <= setting.limits.maximumValues else {
                throw .tooLarge("the engine's answer has too many probabilities")
            }
            logprobs += list
            newLogprobs += list
        case .timings: break
        case .finished(let why): reason = why
        case .usage(let count): usage = count
        case .failed(let failure): throw failure.error
        case .ended: end(at: elapsed, to: &bytes)
        }
    }

    mutating func abort(_ error: TranslationError, at elapsed: Duration) -> [UInt8] {
        var bytes: [UInt8] = []
        start(at: elapsed, to: &bytes)
        let words = JSON.make(["code": "server_error", "message": .string(error.message)])
        send("response.failed", JSONObject(["response": response("failed", error: words, at: elapsed)]), to: &bytes)
        return bytes
    }

    private mutating func take(_ piece: CallPiece, at elapsed: Duration, to bytes: inout [UInt8]) throws(TranslationError) {
        if item != .call(piece.index) {
            guard let name = piece.name, !name.isEmpty else { throw .badAnswer("the engine sent a tool call without a name") }
            guard piece.index > lastCall else {
                throw .badAnswer("the engine sent more of a tool call after it had begun another one")
            }
            guard calls < setting.limits.maximumCalls else {
                throw .tooLarge("the engine's answer has more than \(setting.limits.maximumCalls) tool calls")
            }
            close(at: elapsed, to: &bytes)
            callName = name
            callID = piece.id ?? ids.next("call_")
            calls += 1
            lastCall = piece.index
            open(.call(piece.index), at: elapsed, to: &bytes)
        }
        guard !piece.arguments.isEmpty else { return }
        guard text.utf8.count + piece.arguments.utf8.count <= setting.limits.maximumArgumentBytes else {
            throw .tooLarge("the arguments of a tool call are longer than \(setting.limits.maximumArgumentBytes) bytes")
        }
        try kept.add(piece.arguments)
        text += piece.arguments
        send(
            "response.function_call_arguments.delta",
            place().with(["delta": .string(piece.arguments)]), to: &bytes)
    }
}

extension ResponsesAnswerWriter {
    // MARK: Items

    private mutating func start(at elapsed: Duration, to bytes: inout [UInt8]) {
        guard !started else { return }
        started = true
        let response = response("in_progress", at: elapsed)
        send("response.created", JSONObject(["response": response]), to: &bytes)
        send("response.in_progress", JSONObject(["response": response]), to: &bytes)
    }

    private mutating func open(_ wanted: Item, at elapsed: Duration, to bytes: inout [UInt8]) {
        guard item != wanted else { return }
        start(at: elapsed, to: &bytes)
        close(at: elapsed, to: &bytes)
        item = wanted
        switch wanted {
        case .reasoning: itemID = ids.next("rs_")
        case .message: itemID = ids.next("msg_")
        case .call: itemID = ids.next("fc_")
        }
        let added = whole("in_progress", empty: true)
        send(
            "response.output_item.added", JSONObject(["output_index": .integer(output.count), "item": added]), to: &bytes)
        switch wanted {
        case .reasoning:
            send("response.reasoning_summary_part.added", place("summary_index").with(["part": part(text: "")]), to: &bytes)
        case .message: send("response.content_part.added", place("content_index").with(["part": part(text: "")]), to: &bytes)
        case .call: break
        }
    }

    private mutating func close(at elapsed: Duration, to bytes: inout [UInt8]) {
        guard let open = item else { return }
        let words = JSON.string(text)
        switch open {
        case .reasoning:
            send("response.reasoning_summary_text.done", place("summary_index").with(["text": words]), to: &bytes)
            send("response.reasoning_summary_part.done", place("summary_index").with(["part": part(text: text)]), to: &bytes)
        case .message:
            let place = place("content_index").with(["text": words, "logprobs": .array(logprobs)])
            send("response.output_text.done", place, to: &bytes)
            send("response.content_part.done", self.place("content_index").with(["part": part(text: text)]), to: &bytes)
        case .call:
            send(
                "response.function_call_arguments.done",
                place().with(["name": .string(callName), "arguments": words]), to: &bytes)
        }
        let done = whole("completed", empty: false)
        send("response.output_item.done", JSONObject(["output_index": .integer(output.count), "item": done]), to: &bytes)
        output.append(done)
        item = nil
        text = ""
        logprobs = []
        newLogprobs = []
    }

    private func part(text: String) -> JSON {
        if item == .reasoning { return .make(["type": "summary_text", "text": .string(text)]) }
        let list = text.isEmpty ? [] : logprobs
        return .make(["type": "output_text", "text": .string(text), "annotations": [], "logprobs": .array(list)])
    }

    private func whole(_ status: String, empty: Bool) -> JSON {
        let status = JSON.string(status)
        switch item {
        case .reasoning:
            return .make(["id": .string(itemID), "type": "reasoning", "summary": .array(empty ? [] : [part(text: text)])])
        case .call:
            return .make([
                "id": .string(itemID), "type": "function_call", "status": status, "call_id": .string(callID),
                "name": .string(callName), "arguments": .string(text),
            ])
        case .message, nil:
            return .make([
                "id": .string(itemID), "type": "message", "status": status, "role": "assistant",
                "content": .array(empty ? [] : [part(text: text)]),
            ])
        }
    }

    /// Where a delta belongs.
    private func place(_ index: String? = nil) -> JSONObject {
        var place = JSONObject(["item_id": .string(itemID), "output_index": .integer(output.count)])
        if let index { place.add(index, 0) }
        return place
    }

    // MARK: The response

    private mutating func end(at elapsed: Duration, to bytes: inout [UInt8]) {
        start(at: elapsed, to: &bytes)
        close(at: elapsed, to: &bytes)
        let incomplete = reason == .length || reason == .contentFilter
        let response = response(incomplete ? "incomplete" : "completed", at: elapsed)
        guard setting.streams else { return response.write(to: &bytes) }
        // One event for every end: OpenAI's package takes a stream without this one for broken.
        send("response.completed", JSONObject(["response": response]), to: &bytes)
    }

    private mutating func send(_ type: String, _ members: JSONObject, to bytes: inout [UInt8]) {
        guard setting.streams else { return }
        var event = JSONObject(["type": .string(type), "sequence_number": .integer(sequence)])
        event.merge(members)
        sequence += 1
        SSEWriter.write(type, .object(event), to: &bytes)
    }

    /// The response as it stands; what the request said of it is repeated, as OpenAI does.
    private func response(_ status: String, error: JSON = .null, at elapsed: Duration) -> JSON {
        let isOver = status != "in_progress"
        var why: JSON = .null
        if status == "incomplete" {
            why = .make(["reason": reason == .contentFilter ? "content_filter" : "max_output_tokens"])
        }
        var object = JSONObject([
            "id": .string(responseID), "object": "response", "created_at": .integer(setting.context.acceptedAtSeconds),
            "completed_at": status == "completed" ? .integer(setting.time(elapsed).seconds) : .null, "status": .string(status),
            "error": error, "incomplete_details": why, "model": .string(setting.model), "output": .array(output),
            "usage": isOver ? counts : .null,
        ])
        object.merge(setting.echo)
        object.merge(Self.usual)
        return .object(object)
    }

    /// What a response says of a request that does not mention it.
    private static let usual = JSONObject([
        "instructions": .null, "max_output_tokens": .null, "max_tool_calls": .null, "metadata": .object(JSONObject()),
        "parallel_tool_calls": true, "previous_response_id": .null, "reasoning": .null, "store": false, "temperature": 1,
        "text": .make(["format": .make(["type": "text"])]), "tool_choice": "auto", "tools": [], "top_p": 1,
        "truncation": "disabled", "background": false, "service_tier": "default",
    ])

    /// The members of a request that its response repeats.
    static let repeated: Set<String> = [
        "instructions", "max_output_tokens", "max_tool_calls", "metadata", "parallel_tool_calls", "reasoning", "temperature",
        "text", "tool_choice", "tools", "top_p", "truncation", "top_logprobs", "user", "safety_identifier", "prompt_cache_key",
    ]

    private var counts: JSON {
        guard !usage.isEmpty else { return .null }
        let prompt = usage.prompt ?? 0
        let completion = usage.completion ?? 0
        return .make([
            "input_tokens": .integer(prompt), "input_tokens_details": .make(["cached_tokens": .integer(usage.cached ?? 0)]),
            "output_tokens": .integer(completion),
            "output_tokens_details": .make(["reasoning_tokens": .integer(usage.reasoning ?? 0)]),
            "total_tokens": .integer(prompt &+ completion),
        ])
    }
}
