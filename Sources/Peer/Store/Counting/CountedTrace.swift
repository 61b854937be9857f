/// The facts of a trace that are counted, read back from the values of its insert.
struct CountedTrace {
    var node = ""
    var model = ""
    var status = ""
    var tags: String?
    var latency: Double?
    var firstToken: Double?
    var promptTokens = 0
    var completionTokens = 0
    var isFallback = false
    var timestamp = 0.0

    /// The begin of its hour, seconds since 1970.
    var hour: Int { abs(timestamp) < 1e15 ? Int(timestamp / 3600) * 3600 : 0 }

    init(_ values: borrowing RowValues) {
        for (column, value) in values.currentRow {
            switch (TraceColumn(rawValue: column), value) {
            case (.nodeID, .text(let start, let end)): node = values.text(start, end)
            case (.model, .text(let start, let end)): model = values.text(start, end)
            case (.status, .text(let start, let end)): status = values.text(start, end)
            case (.tags, .text(let start, let end)): tags = values.text(start, end)
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
