import Glibc

/// Keeps what is known of a machine's GPUs fresh without making anyone wait.
///
/// A program has to be started to ask about NVIDIA's GPUs, so it is asked seldom, in the background, and left alone for a minute
/// where it is missing or fails.
public actor GPUReader {
    /// When the GPUs are asked again.
    public struct Pace: Sendable {
        /// After an answer that differs from the one before.
        public var busy: Duration = .seconds(5)
        /// After an answer like the one before: nothing happens there.
        public var quiet: Duration = .seconds(15)
        /// After no answer.
        public var absent: Duration = .seconds(60)
        /// How long one question may take.
        public var limit: Duration = .seconds(2)

        /// The paces that the budget of an idle peer allows.
        public init() {}
    }

    private let query: NvidiaQuery
    private let radeon: RadeonReader
    private let pace: Pace
    private var known: [GPUReading] = []
    private var answeredAt: ContinuousClock.Instant?
    private var nextAt: ContinuousClock.Instant?
    private var question: Task<Void, Never>?

    /// A reader. `searchPath` names the folders that may hold `nvidia-smi`, by default those of `PATH` and the system's.
    public init(files: SystemFiles, searchPath: String? = nil, pace: Pace = Pace()) {
        let inherited = getenv("PATH").map { String(cString: $0) } ?? ""
        query = NvidiaQuery(searchPath: searchPath ?? inherited + ":/usr/bin:/usr/lib/wsl/lib", limit: pace.limit)
        radeon = RadeonReader(files: files)
        self.pace = pace
    }

    /// How often `nvidia-smi` was started so far.
    public private(set) var questions = 0

    /// What is known now; asks anew in the background when that is due.
    public func current() -> [GPUReading] {
        let now = ContinuousClock.now
        if question == nil, now >= nextAt ?? now {
            questions += 1
            question = Task { await note(query.run()) }
        }
        // A driver that hangs keeps its question open: what it said before must not be believed for ever.
        if let answeredAt, now - answeredAt > pace.absent { known = [] }
        return known + radeon.read()
    }

    /// As `current`, after an open question was answered, for at most a little more than the limit of one question.
    public func settled() async -> [GPUReading] {
        _ = current()
        let end = ContinuousClock.now + pace.limit + .milliseconds(500)
        while question != nil, ContinuousClock.now < end, !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(20))
        }
        return current()
    }

    private func note(_ answer: [GPUReading]?) {
        let now = ContinuousClock.now
        question = nil
        guard let answer else {
            known = []
            nextAt = now + pace.absent
            return
        }
        nextAt = now + (answer == known ? pace.quiet : pace.busy)
        answeredAt = now
        known = answer
    }
}
