/// A moment as Ollama writes it: RFC 3339 in UTC with nanoseconds.
struct WallTime: Sendable, Hashable {
    var seconds: Int64
    var nanoseconds: Int64

    /// The moment `elapsed` after the request was accepted.
    init(_ context: TranslationContext, after elapsed: Duration) {
        let (whole, attoseconds) = elapsed.components
        let sum = Int64(context.acceptedAtNanoseconds) &+ attoseconds / 1_000_000_000
        seconds = context.acceptedAtSeconds &+ whole &+ sum / 1_000_000_000
        nanoseconds = max(0, sum % 1_000_000_000)
    }

    /// `2025-01-01T00:05:14.933867884Z`; the day by the usual count of eras of 400 years that begin in March.
    var text: String {
        let bounded = min(max(seconds, 0), 253_402_300_799)
        let days = bounded / 86_400 + 719_468
        let ofDay = bounded % 86_400
        let dayOfEra = days % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shifted + 2) / 5 + 1
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + days / 146_097 * 400 + (month <= 2 ? 1 : 0)
        let date = "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
        let clock = "\(Self.padded(ofDay / 3_600, 2)):\(Self.padded(ofDay / 60 % 60, 2)):\(Self.padded(ofDay % 60, 2))"
        return "\(date)T\(clock).\(Self.padded(nanoseconds, 9))Z"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
