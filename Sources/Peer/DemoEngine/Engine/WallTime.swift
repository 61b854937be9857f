import FoundationEssentials

/// A moment as Ollama writes it.
struct WallTime: Sendable, Hashable {
    /// Seconds since 1970.
    var seconds: Int64
    var nanoseconds: Int64 = 0

    static var now: WallTime {
        let value = Date().timeIntervalSince1970
        let whole = value.rounded(.down)
        return WallTime(seconds: Int64(whole), nanoseconds: Int64((value - whole) * 1e9))
    }

    /// A moment that many seconds later, at most some 292 years: Ollama's "for ever".
    func adding(_ more: Double) -> WallTime {
        let bounded = min(max(more, 0), 9_223_372_036)
        return WallTime(seconds: seconds + Int64(bounded), nanoseconds: nanoseconds)
    }

    /// RFC 3339 in UTC with nanoseconds. The calendar follows Howard Hinnant's "civil from days".
    var text: String {
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let second = seconds - days * 86_400
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))T\(pad(second / 3600, 2)):\(pad(second / 60 % 60, 2)):"
            + "\(pad(second % 60, 2)).\(pad(nanoseconds, 9))Z"
    }

    private func pad(_ value: Int64, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(width - text.count, 0)) + text
    }
}
