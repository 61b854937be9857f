/// The facts of a trace that are counted, read back from the values of its insert. Texts are places in the values' bytes.
struct CountedTrace {
    typealias Place = Range<Int>

    var node: Place = 0..<0
    var model: Place = 0..<0
    var status: Place = 0..<0
    var tags: Place?
    var latency: Double?
    var firstToken: Double?
    var promptTokens = 0
    var completionTokens = 0
    var isFallback = false
    var timestamp = 0.0

    /// The begin of its hour, seconds since 1970.
    var hour: Int { abs(timestamp) < 1e15 ? Int(timestamp / 3600) * 3600 : 0 }

    init(_ values: borrowing RowValues) {
        values.forCurrentRow { column, value in
            switch (TraceColumn(rawValue: column), value) {
            case (.nodeID, .text(let start, let end)): node = start..<end
            case (.model, .text(let start, let end)): model = start..<end
            case (.status, .text(let start, let end)): status = start..<end
            case (.tags, .text(let start, let end)): tags = start..<end
            case (.latencyMilliseconds, .number(let number)): latency = number
            case (.timeToFirstTokenMilliseconds, .number(let number)): firstToken = number
            case (.promptTokens, .integer(let number)): promptTokens = Int(number)
            case (.completionTokens, .integer(let number)): completionTokens = Int(number)
            case (.fallbackUsed, .integer(let number)): isFallback = number != 0
            case (.timestamp, .number(let number)): timestamp = number
            default: break
            }
        }
    }
}
