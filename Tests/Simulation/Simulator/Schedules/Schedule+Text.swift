import Gossip

extension Schedule {
    /// One line per fact, so that a history that broke a rule can be kept beside the tests. Times in microseconds.
    public var text: String {
        func time(_ duration: Duration) -> Int64 { duration.wholeNanoseconds / 1_000 }
        var lines = ["seed \(seed)", "peers \(peers)", "fault-time \(time(faultTime))", "seeds \(hasSeeds ? 1 : 0)"]
        lines.append(
            "network \(network.lossPerMille) \(network.corruptPerMille) \(network.duplicatePerMille) \(network.tailPerMille) "
                + "\(network.tailMicroseconds) \(network.delayMicroseconds)")
        for place in 0..<peers {
            let candidacy = candidacies[place]
            lines.append(
                "peer \(place) \(time(starts[place])) \(candidacy.priority) \(candidacy.steady ? 1 : 0) "
                    + "\(candidacy.seasoned ? 1 : 0) \(candidacy.ephemeral ? 1 : 0)")
        }
        for (at, fault) in faults {
            let (name, numbers) = fault.words
            lines.append((["at \(time(at)) \(name)"] + numbers.map(String.init)).joined(separator: " "))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Reads the text form; throws with the first line that makes no sense. Lines that begin with `#` are remarks.
    public init(text: String) throws(ScheduleError) {
        self.init(quiet: 0, peers: 0, faultTime: .zero)
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split(separator: " ").map(String.init)
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            guard take(first, Array(words.dropFirst())) else { throw ScheduleError(line: number + 1, text: String(line)) }
        }
        let places = faults.flatMap { Self.places(of: $0.fault) }
        guard peers > 0, faultTime > .zero, places.allSatisfy({ $0 < peers }) else {
            throw ScheduleError(line: 0, text: "peers, fault-time, or a place that there is not")
        }
    }

    private mutating func take(_ first: String, _ rest: [String]) -> Bool {
        if first == "at" {
            guard rest.count >= 2, let at = Int64(rest[0]), (0...3_600_000_000).contains(at) else { return false }
            let numbers = rest.dropFirst(2).compactMap { Int64($0) }
            guard numbers.count == rest.count - 2, let fault = Fault(name: rest[1], numbers: numbers) else { return false }
            faults.append((.microseconds(at), fault))
            return true
        }
        if first == "seed" {
            guard rest.count == 1, let value = UInt64(rest[0]) else { return false }
            seed = value
            return true
        }
        let numbers = rest.compactMap { Int64($0) }
        guard numbers.count == rest.count, numbers.allSatisfy({ (0...3_600_000_000).contains($0) }) else { return false }
        switch (first, numbers.count) {
        case ("peers", 1):
            guard (1...60).contains(numbers[0]) else { return false }
            peers = Int(numbers[0])
            candidacies = Array(repeating: Candidacy(), count: peers)
            starts = Array(repeating: .zero, count: peers)
        case ("fault-time", 1): faultTime = .microseconds(numbers[0])
        case ("seeds", 1): hasSeeds = numbers[0] == 1
        case ("network", 6): network = Network(numbers)
        case ("peer", 6):
            guard numbers[0] < peers else { return false }
            starts[Int(numbers[0])] = .microseconds(numbers[1])
            candidacies[Int(numbers[0])] = Candidacy(
                priority: UInt8(clamping: numbers[2]), steady: numbers[3] == 1, seasoned: numbers[4] == 1,
                ephemeral: numbers[5] == 1)
        default: return false
        }
        return true
    }

    /// The peers that a fault names.
    static func places(of fault: Fault) -> [Int] {
        let numbers = fault.words.numbers
        switch fault {
        case .partition(let side, _): return (0..<62).filter { side.contains($0) }
        case .lossSpell: return []
        case .cut, .oneWay, .blockUDP, .flap: return numbers.prefix(2).map { Int($0) }
        default: return numbers.prefix(1).map { Int($0) }
        }
    }
}

extension Network {
    /// The six numbers of the text form.
    fileprivate init(_ numbers: [Int64]) {
        lossPerMille = Int(numbers[0])
        corruptPerMille = Int(numbers[1])
        duplicatePerMille = Int(numbers[2])
        tailPerMille = Int(numbers[3])
        tailMicroseconds = numbers[4]
        delayMicroseconds = numbers[5]
    }
}
