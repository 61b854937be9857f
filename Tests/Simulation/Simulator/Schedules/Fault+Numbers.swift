import Gossip

extension Fault {
    /// Its name and its numbers in the text form: places, then microseconds and the rest. −1 is "never", sides are bit masks.
    var words: (name: String, numbers: [Int64]) {
        func time(_ duration: Duration?) -> Int64 { duration.map { $0.wholeNanoseconds / 1_000 } ?? -1 }
        func flag(_ flag: Bool) -> Int64 { flag ? 1 : 0 }
        switch self {
        case .partition(let side, let lasts):
            return ("partition", [(0..<62).reduce(0) { side.contains($1) ? $0 | 1 << Int64($1) : $0 }, time(lasts)])
        case .cut(let a, let b, let lasts): return ("cut", [Int64(a), Int64(b), time(lasts)])
        case .oneWay(let from, let to, let lasts): return ("one-way", [Int64(from), Int64(to), time(lasts)])
        case .blockUDP(let a, let b, let lasts): return ("block-udp", [Int64(a), Int64(b), time(lasts)])
        case .flap(let a, let b, let times, let period): return ("flap", [Int64(a), Int64(b), Int64(times), time(period)])
        case .lossSpell(let perMille, let lasts): return ("loss", [Int64(perMille), time(lasts)])
        case .crash(let place, let restart, let midway, let hostLives):
            return ("crash", [Int64(place), time(restart), Int64(midway ?? -1), flag(hostLives)])
        case .crashAtWrite(let place, let restart, let lost):
            return ("crash-at-write", [Int64(place), time(restart), flag(lost)])
        case .storm(let place, let times, let gap): return ("storm", [Int64(place), Int64(times), time(gap)])
        case .loseDisk(let place, let restart): return ("lose-disk", [Int64(place), time(restart)])
        case .pause(let place, let lasts, let noticed): return ("pause", [Int64(place), time(lasts), flag(noticed)])
        case .freeze(let place, let lasts): return ("freeze", [Int64(place), time(lasts)])
        case .sleep(let place, let lasts, let announced): return ("sleep", [Int64(place), time(lasts), flag(announced)])
        case .slow(let place, let lasts, let perEvent): return ("slow", [Int64(place), time(lasts), time(perEvent)])
        case .stop(let place, let restart): return ("stop", [Int64(place), time(restart)])
        case .upgrade(let place, let restart): return ("upgrade", [Int64(place), time(restart)])
        case .readOnly(let place, let lasts): return ("read-only", [Int64(place), time(lasts)])
        case .candidacy(let place, let candidacy):
            return (
                "candidacy",
                [
                    Int64(place), Int64(candidacy.priority), flag(candidacy.steady), flag(candidacy.seasoned),
                    flag(candidacy.ephemeral),
                ]
            )
        case .drain(let place, let lasts): return ("drain", [Int64(place), time(lasts)])
        case .writeSetting(let place, let key, let value): return ("write-setting", [Int64(place), Int64(key), Int64(value)])
        case .wallJump(let place, let years): return ("wall-jump", [Int64(place), Int64(years)])
        }
    }

    /// Reads the text form; nil for anything else.
    init?(name: String, numbers: [Int64]) {
        var words = Words(numbers: numbers)
        switch name {
        case "partition":
            let mask = words.next()
            self = .partition(side: Set((0..<62).filter { mask >> Int64($0) & 1 == 1 }), lasts: words.time())
        case "cut": self = .cut(words.place(), words.place(), lasts: words.time())
        case "one-way": self = .oneWay(from: words.place(), to: words.place(), lasts: words.time())
        case "block-udp": self = .blockUDP(words.place(), words.place(), lasts: words.time())
        case "flap": self = .flap(words.place(), words.place(), times: words.count(), period: words.time())
        case "loss": self = .lossSpell(perMille: words.count(), lasts: words.time())
        case "crash":
            self = .crash(words.place(), restartAfter: words.later(), midway: words.optional(), hostLives: words.flag())
        case "crash-at-write": self = .crashAtWrite(words.place(), restartAfter: words.time(), lost: words.flag())
        case "storm": self = .storm(words.place(), times: words.count(), gap: words.time())
        case "lose-disk": self = .loseDisk(words.place(), restartAfter: words.time())
        case "pause": self = .pause(words.place(), lasts: words.time(), noticed: words.flag())
        case "freeze": self = .freeze(words.place(), lasts: words.time())
        case "sleep": self = .sleep(words.place(), lasts: words.time(), announced: words.flag())
        case "slow": self = .slow(words.place(), lasts: words.time(), perEvent: words.time())
        case "stop": self = .stop(words.place(), restartAfter: words.later())
        case "upgrade": self = .upgrade(words.place(), restartAfter: words.time())
        case "read-only": self = .readOnly(words.place(), lasts: words.time())
        case "candidacy":
            let place = words.place()
            let priority = UInt8(clamping: words.next())
            self = .candidacy(
                place,
                Candidacy(priority: priority, steady: words.flag(), seasoned: words.flag(), ephemeral: words.flag()))
        case "drain": self = .drain(words.place(), lasts: words.time())
        case "write-setting": self = .writeSetting(words.place(), key: words.count(), value: words.count())
        case "wall-jump": self = .wallJump(words.place(), years: Int(words.next()))
        default: return nil
        }
        guard words.isRight else { return nil }
    }

    /// The numbers of a line, taken one after the other.
    private struct Words {
        private var rest: ArraySlice<Int64>
        private var isBroken = false

        init(numbers: [Int64]) { rest = numbers[...] }

        /// All were there, none was impossible, and none is left.
        var isRight: Bool { !isBroken && rest.isEmpty }

        mutating func next() -> Int64 {
            guard let number = rest.popFirst() else {
                isBroken = true
                return 0
            }
            return number
        }

        private mutating func within(_ range: ClosedRange<Int64>) -> Int64 {
            let number = next()
            if !range.contains(number) { isBroken = true }
            return max(range.lowerBound, min(range.upperBound, number))
        }

        mutating func place() -> Int { Int(within(0...199)) }
        mutating func count() -> Int { Int(within(0...1_000)) }
        mutating func flag() -> Bool { within(0...1) == 1 }
        mutating func time() -> Duration { .microseconds(within(0...3_600_000_000)) }

        mutating func later() -> Duration? {
            let number = within(-1...3_600_000_000)
            return number < 0 ? nil : .microseconds(number)
        }

        mutating func optional() -> Int? {
            let number = within(-1...1_000)
            return number < 0 ? nil : Int(number)
        }
    }
}
