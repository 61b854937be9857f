/// Makes ids where a dialect wants one and the other has none: the same seed makes the same ids.
struct IDMaker: Sendable, Hashable {
    private var state: UInt64
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    init(seed: UInt64) { state = seed }

    /// `prefix` and 24 letters and digits (SplitMix64).
    mutating func next(_ prefix: String) -> String {
        var text = Array(prefix.utf8)
        for _ in 0..<24 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            text.append(Self.letters[Int((mixed ^ mixed >> 31) % 62)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
