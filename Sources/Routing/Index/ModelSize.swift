/// How large a model is when no engine says so: by the number of parameters in its name (herd-compat §6.2).
enum ModelSize {
    /// Nothing points to a size: taken for too large rather than for small.
    static let unknownBytes = 100e9

    /// Parameters in billions, and the size that goes with them, GB.
    private static let table: [(parameters: Double, gigabytes: Double)] = [
        (671, 400), (480, 290), (405, 230), (235, 140), (122, 75), (120, 72), (72, 45), (70, 45), (32, 20), (30, 19), (27, 19),
        (22, 14),
        (14, 10), (13, 10), (8, 5), (7, 5), (4, 3), (3, 3), (1, 1), (0.6, 1), (0.5, 1),
    ]

    /// Bytes by the name, or by the parameters that the engine lists; nil when neither tells.
    static func estimateBytes(name: String, parameterSize: String) -> Double? {
        if let parameters = parameters(in: name) ?? parameters(in: parameterSize) { return gigabytes(parameters) * 1e9 }
        return name.lowercased().contains("embed") ? 0.5e9 : nil
    }

    /// Sizes that the table does not have follow its slope: weights of about five bits.
    private static func gigabytes(_ parameters: Double) -> Double {
        table.first { $0.parameters == parameters }?.gigabytes ?? max(0.5, 0.62 * parameters + 0.3)
    }

    /// The largest parameter count in a text, in billions: `8x7b` is 56, `30b-a3b` is 30, `137M` is 0.137.
    static func parameters(in text: String) -> Double? {
        let bytes = Array(text.utf8.prefix(256))
        var largest: Double?
        var place = 0
        while place < bytes.count {
            guard isDigit(bytes[place]) else {
                place += 1
                continue
            }
            var value = number(bytes, &place)
            while place + 1 < bytes.count, lower(bytes[place]) == UInt8(ascii: "x"), isDigit(bytes[place + 1]) {
                place += 1
                value *= number(bytes, &place)
            }
            guard place < bytes.count else { break }
            let unit = lower(bytes[place])
            let ends = place + 1 == bytes.count || !isWord(bytes[place + 1])
            guard ends, unit == UInt8(ascii: "b") || unit == UInt8(ascii: "m") else { continue }
            let billions = unit == UInt8(ascii: "b") ? value : value / 1000
            if billions > 0, billions < 100_000 { largest = max(largest ?? 0, billions) }
        }
        return largest
    }

    /// Reads `12` or `0.6` and moves behind it.
    private static func number(_ bytes: [UInt8], _ place: inout Int) -> Double {
        var value = 0.0
        while place < bytes.count, isDigit(bytes[place]) {
            value = value * 10 + Double(bytes[place] - UInt8(ascii: "0"))
            place += 1
        }
        guard place + 1 < bytes.count, bytes[place] == UInt8(ascii: "."), isDigit(bytes[place + 1]) else { return value }
        place += 1
        var digits = 0.0
        var scale = 1.0
        while place < bytes.count, isDigit(bytes[place]) {
            digits = digits * 10 + Double(bytes[place] - UInt8(ascii: "0"))
            scale *= 10
            place += 1
        }
        // One division keeps `0.6` the same number as the literal.
        return scale.isFinite && digits.isFinite ? value + digits / scale : value
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isWord(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lower(byte))
    }
    private static func lower(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
