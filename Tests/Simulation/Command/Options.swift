import Simulator

/// What the flags say.
struct Options {
    static let usage = """
        herd-simulate [--seed S] [--count K] [--peers N,N…] [--minutes M | --seconds S] [--subject herd|lease] [--mutation M]
                      [--keep FOLDER] [--jsonl FILE] [--file SCHEDULE] [--transcript]
        herd-simulate mutants [--tries K] [--seconds S] [--mutation M]

        Runs K histories of each size from seed S on, two at a time. A history that breaks a rule is made as small as possible and
        printed as a schedule, or written into FOLDER. --file runs such a schedule. --transcript prints every event and action of
        one history, --jsonl writes what its peers would write to their history files. `mutants` shows deliberate faults to the
        checks.
        """

    var isHunt = false
    var seed: UInt64 = 1
    var peers = [3]
    var seconds = 60
    var count = 1
    var tries = 1_000
    var subject = Subject.herd
    var mutation: Mutation?
    var transcript = false
    var keep: String?
    var jsonl: String?
    var file: String?

    /// Reads the flags; nil when they make no sense.
    init?(_ arguments: [String]) {
        var rest = arguments[...]
        if rest.first == "mutants" {
            isHunt = true
            rest.removeFirst()
        }
        while let flag = rest.popFirst() {
            if flag == "--transcript" {
                transcript = true
                continue
            }
            guard let value = rest.popFirst(), take(flag, value) else { return nil }
        }
    }

    private mutating func take(_ flag: String, _ value: String) -> Bool {
        func number(_ range: ClosedRange<Int>) -> Int? { Int(value).flatMap { range.contains($0) ? $0 : nil } }
        switch flag {
        case "--seed": return UInt64(value).map { seed = $0 } != nil
        case "--count": return number(1...10_000_000).map { count = $0 } != nil
        case "--tries": return number(1...1_000_000).map { tries = $0 } != nil
        case "--minutes": return number(1...600).map { seconds = $0 * 60 } != nil
        case "--seconds": return number(1...36_000).map { seconds = $0 } != nil
        case "--peers":
            let words = value.split(separator: ",")
            let numbers = words.compactMap { Int($0) }
            peers = numbers
            return !words.isEmpty && numbers.count == words.count && numbers.allSatisfy { (1...60).contains($0) }
        case "--subject": return Subject(rawValue: value).map { subject = $0 } != nil
        case "--mutation": return Mutation(rawValue: value).map { mutation = $0 } != nil
        case "--keep": keep = value
        case "--jsonl": jsonl = value
        case "--file": file = value
        default: return false
        }
        return true
    }

    /// One history of the flags.
    var schedule: Schedule { Schedule(seed: seed, peers: peers.first ?? 3, faultTime: .seconds(seconds)) }
}
