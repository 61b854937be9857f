import Gossip

/// Makes new inputs of old ones where no coverage guides: the same seed gives the same inputs.
public struct Mutator {
    private var random: SeededGenerator
    private let corpus: [[UInt8]]

    /// What protocols are made of.
    private static let words: [[UInt8]] =
        [
            "\r\n", "\r\n\r\n", "Content-Length: ", "Transfer-Encoding: chunked", "X-Herd-Fleet: TOKEN", "X-Herd-Hop: 1",
            "HTTP/1.1",
            "POST ", "GET ", "0\r\n\r\n", "ffffffffffffffff", "-1", "{", "}", "[", "\"", "\\u0000", "18446744073709551616",
        ].map { Array($0.utf8) } + [[0, 0, 0, 0], [255, 255, 255, 255], [22, 3, 3], [0x48, 0x10], [127, 255], [128, 0]]

    /// A mutator of this corpus.
    public init(seed: UInt64, corpus: [[UInt8]]) {
        random = SeededGenerator(seed: seed)
        self.corpus = corpus.isEmpty ? [[0]] : corpus
    }

    /// The next input, at most 8 KiB.
    public mutating func next() -> [UInt8] {
        var bytes = corpus[number(corpus.count)]
        for _ in 0...number(6) { change(&bytes) }
        return Array(bytes.prefix(8_192))
    }

    private mutating func number(_ below: Int) -> Int { Int.random(in: 0..<max(1, below), using: &random) }

    private mutating func change(_ bytes: inout [UInt8]) {
        let place = number(bytes.count + 1)
        switch number(8) {
        case 0 where place < bytes.count: bytes[place] ^= 1 << number(8)
        case 1 where place < bytes.count: bytes[place] = UInt8(number(256))
        case 2: bytes.insert(contentsOf: Self.words[number(Self.words.count)], at: place)
        case 3 where place < bytes.count: bytes.removeSubrange(place..<min(bytes.count, place + 1 + number(16)))
        case 4: bytes.insert(contentsOf: bytes[place...].prefix(number(64)), at: place)
        case 5:
            let other = corpus[number(corpus.count)]
            bytes = Array(bytes[..<place]) + other.dropFirst(number(other.count))
        case 6: bytes.removeLast(bytes.count - place)
        default: bytes.insert(UInt8(number(256)), at: place)
        }
    }
}
