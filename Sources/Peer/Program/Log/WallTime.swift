import Foundation

/// The wall clock as text, without a formatter's cost per line.
enum WallTime {
    /// `14:03:07.250`, local time.
    static func clock() -> String {
        let (fields, milliseconds) = now(local: true)
        return "\(two(fields.tm_hour)):\(two(fields.tm_min)):\(two(fields.tm_sec)).\(three(milliseconds))"
    }

    /// `2026-11-21T14:03:07.250Z`.
    static func iso() -> String {
        let (fields, milliseconds) = now(local: false)
        return day(fields) + "T\(two(fields.tm_hour)):\(two(fields.tm_min)):\(two(fields.tm_sec)).\(three(milliseconds))Z"
    }

    /// `2026-11-21`, UTC.
    static func utcDay() -> String { day(now(local: false).fields) }

    private static func day(_ fields: tm) -> String {
        "\(fields.tm_year + 1900)-\(two(fields.tm_mon + 1))-\(two(fields.tm_mday))"
    }

    private static func now(local: Bool) -> (fields: tm, milliseconds: Int) {
        let time = Date().timeIntervalSince1970
        var fields = tm()
        var seconds = time_t(time)
        if local { localtime_r(&seconds, &fields) } else { gmtime_r(&seconds, &fields) }
        return (fields, min(999, Int((time - Double(seconds)) * 1_000)))
    }

    private static func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    private static func three(_ value: Int) -> String { value < 10 ? "00\(value)" : value < 100 ? "0\(value)" : "\(value)" }
}
