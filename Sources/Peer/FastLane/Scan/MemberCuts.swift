/// Members of one JSON object that are cut out of it, each with as many commas as leave the rest an object.
///
/// Fed with all members in order. A cut member goes with the comma before it; those at the object's very begin have none and go
/// with the comma behind them.
struct MemberCuts: Equatable {
    /// More are left in: nobody sends them.
    static let limit = 16

    /// All members so far.
    private(set) var count = 0
    /// Those of them that are cut.
    private(set) var cutCount = 0
    /// From the first member to the end of the last one that is cut without a gap.
    private var leading: Range<Int>?
    private var others: [Range<Int>] = []

    /// Nothing is left of the object's members.
    var cutsAll: Bool { count > 0 && cutCount == count }
    var isEmpty: Bool { cutCount == 0 }

    /// The next member stays.
    mutating func keep() { count += 1 }

    /// The next member is cut: from its opening quote to the end of its value.
    mutating func cut(_ member: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>) {
        defer { count += 1 }
        guard cutCount < Self.limit else { return }
        if cutCount == count {
            leading = (leading?.lowerBound ?? member.lowerBound)..<member.upperBound
        } else {
            var from = member.lowerBound
            while from > 0, bytes[from - 1] != UInt8(ascii: ",") { from -= 1 }
            others.append(max(0, from - 1)..<member.upperBound)
        }
        cutCount += 1
    }

    /// The runs of bytes to take out, in order.
    func ranges(in bytes: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        guard let leading else { return others }
        var end = leading.upperBound
        while end < bytes.count, bytes[end] == 0x20 || (0x09...0x0D).contains(bytes[end]) { end += 1 }
        let hasComma = end < bytes.count && bytes[end] == UInt8(ascii: ",")
        return [leading.lowerBound..<(hasComma ? end + 1 : leading.upperBound)] + others
    }
}
