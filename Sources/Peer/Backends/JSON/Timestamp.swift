/// RFC 3339 times as Ollama writes them: `2025-01-01T00:15:15.732913502Z`, `2025-01-01T02:15:15+02:00`.
enum Timestamp {
    /// Seconds since 1970 UTC, fractions cut off; nil for a text that is no time.
    static func seconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8.prefix(64))
        guard bytes.count >= 20, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] == 0x54 || bytes[10] == 0x74, bytes[13] == 0x3A,
            bytes[16] == 0x3A
        else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            guard range.upperBound <= bytes.count else { return nil }
            var value: Int64 = 0
            for byte in bytes[range] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int64(byte - 0x30)
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19), (1...12).contains(month), (1...31).contains(day),
            hour < 24,
            minute < 60, second < 61
        else { return nil }
        var at = 19
        if bytes[at] == 0x2E {
            at += 1
            while at < bytes.count, (0x30...0x39).contains(bytes[at]) { at += 1 }
        }
        guard at < bytes.count else { return nil }
        var offset: Int64 = 0
        switch bytes[at] {
        case 0x5A, 0x7A: break
        case 0x2B, 0x2D:
            guard let hours = number(at + 1..<at + 3), let minutes = number(at + 4..<at + 6) else { return nil }
            offset = (hours * 60 + minutes) * (bytes[at] == 0x2B ? 60 : -60)
        default: return nil
        }
        return days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
    }

    /// Days from 1970-01-01 to a date of the Gregorian calendar. Years start in March here, so that a leap day is a year's last
    /// day.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }
}
