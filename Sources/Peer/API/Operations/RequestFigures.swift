public import FastLane

/// Requests that ended, counted into buckets by model and operation: for `/metrics`.
///
/// The buckets are those that OpenTelemetry's conventions for generative models name, and more above them for machines that first
/// have to load a model.
public struct RequestFigures: Sendable, Equatable {
    /// One model and operation, as clients of this peer saw them.
    public struct Series: Sendable, Equatable {
        /// The model that served; `_none` where no machine was chosen, `_other` beyond `seriesLimit`.
        public let model: String
        /// `chat`, `text_completion`, `embeddings` and the like.
        public let operation: String
        /// Whole times, seconds, those of failed requests included.
        public fileprivate(set) var duration = Histogram(bounds: RequestFigures.durationBounds)
        /// From the arrival to the first piece of a streamed answer, seconds.
        public fileprivate(set) var firstToken = Histogram(bounds: RequestFigures.firstTokenBounds)
        /// Between two tokens of a streamed answer, the mean of each, seconds.
        public fileprivate(set) var perToken = Histogram(bounds: RequestFigures.perTokenBounds)
        /// Tokens of prompts, by the engines' count.
        public fileprivate(set) var promptTokens: UInt64 = 0
        /// Tokens of answers, by the engines' count.
        public fileprivate(set) var answerTokens: UInt64 = 0
    }

    private struct Key: Hashable, Sendable {
        let model: String
        let operation: String
    }

    /// What belongs to one model and operation, in the order in which they came.
    public private(set) var series: [Series] = []
    /// How long clients' requests waited at this peer because every machine was busy, seconds; 0 for those that did not.
    public private(set) var lineWait = Histogram(bounds: RequestFigures.waitBounds)
    /// How long requests waited for a slot of this machine's engines, seconds; 0 for those that did not.
    public private(set) var slotWait = Histogram(bounds: RequestFigures.waitBounds)
    /// Attempts that failed before the first byte of an answer.
    public private(set) var retries: UInt64 = 0
    private var places: [Key: Int] = [:]

    /// Pairs of model and operation that are told apart; names of models come from engines, but many may come and go.
    public static let seriesLimit = 64

    static let durationBounds = [
        0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 163.84, 327.68, 655.36,
    ]
    static let firstTokenBounds = [
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60, 120,
    ]
    static let perTokenBounds = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5,
    ]
    static let waitBounds = [0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300]

    /// Nothing ended yet.
    public init() {}

    /// Counts one row of a trace. Work for other peers counts by its wait alone: the peer that the client talks to counts the rest.
    public mutating func note(_ trace: borrowing RequestTrace) {
        guard !trace.operation.isEmpty else { return }
        if trace.row == .attempt { retries += 1 }
        guard trace.row != .attempt else { return }
        if trace.loadAtAdmission != nil { slotWait.add(trace.slotWaitMilliseconds / 1_000) }
        guard trace.row == .terminal else { return }
        lineWait.add(trace.ticketWaitMilliseconds / 1_000)
        // A name that a client wrote is no label: only what a machine serves is.
        let place = place(Key(model: trace.peer == nil ? "_none" : trace.model, operation: trace.operation))
        series[place].note(trace)
    }

    private mutating func place(_ key: Key) -> Int {
        if let known = places[key] { return known }
        if key.model != "_none", key.model != "_other", series.count >= Self.seriesLimit {
            return place(Key(model: "_other", operation: key.operation))
        }
        series.append(Series(model: key.model, operation: key.operation))
        places[key] = series.count - 1
        return series.count - 1
    }
}

extension RequestFigures.Series {
    fileprivate init(model: String, operation: String) {
        self.model = model
        self.operation = operation
    }

    fileprivate mutating func note(_ trace: borrowing RequestTrace) {
        let whole = trace.latencyMilliseconds / 1_000
        duration.add(whole)
        promptTokens += UInt64(clamping: max(0, trace.promptTokens ?? 0))
        let tokens = max(0, trace.completionTokens ?? 0)
        answerTokens += UInt64(clamping: tokens)
        guard trace.isStreamed, trace.status == .completed, let first = trace.firstTokenMilliseconds else { return }
        firstToken.add(first / 1_000)
        if tokens > 1 { perToken.add((whole - first / 1_000) / Double(tokens - 1)) }
    }
}
