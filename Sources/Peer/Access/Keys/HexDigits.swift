/// Lower-case hex.
enum HexDigits {
    private static let digits = Array("0123456789abcdef".utf8)

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) }

    static func text(_ bytes: some Sequence<UInt8>) -> String {
        var units: [UInt8] = []
        for byte in bytes {
            units.append(digits[Int(byte >> 4)])
            units.append(digits[Int(byte & 15)])
        }
        return String(decoding: units, as: UTF8.self)
    }

    /// The bytes of pairs of digits; nil for anything else.
    static func bytes(_ text: String) -> [UInt8]? {
        let units = Array(text.utf8)
        guard units.count % 2 == 0, units.allSatisfy(isDigit) else { return nil }
        return stride(from: 0, to: units.count, by: 2).map { value(units[$0]) << 4 | value(units[$0 + 1]) }
    }

    private static func value(_ digit: UInt8) -> UInt8 { digit < 0x3A ? digit - 0x30 : digit - 0x61 + 10 }
}
