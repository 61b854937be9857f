/// Breaks bytes in ways that a seed decides.
struct Breaker {
    private var state: UInt64
    private static let words = [
        "{", "}", "[", "]", "\"", ":", ",", "\\u", "\\ud800", "null", "true", "-1", "1e999", "99999999999999999999", "data: ",
        "\n\n",
        "\r", "[DONE]", "\"tool_calls\":[{\"index\":9007199254740993}]", "\"error\":{", "\u{0}", "\"choices\":null",
        "\"index\":-1",
    ].map { Array($0.utf8) }

    init(seed: UInt64) { state = seed }

    /// A number below `bound` (xorshift).
    mutating func number(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(max(1, bound)))
    }

    /// `bytes` with one to five faults.
    mutating func broken(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...number(5) {
            let place = number(bytes.count + 1)
            switch number(6) {
            case 0 where place < bytes.count: bytes[place] = UInt8(number(256))
            case 1: bytes.insert(contentsOf: Self.words[number(Self.words.count)], at: place)
            case 2 where place < bytes.count: bytes.removeSubrange(place..<min(bytes.count, place + 1 + number(20)))
            case 3: bytes.insert(contentsOf: bytes[place...].prefix(number(80)), at: place)
            case 4 where number(4) == 0: bytes.removeLast(bytes.count - place)
            default: bytes.insert(UInt8(number(256)), at: place)
            }
        }
        return bytes
    }
}
