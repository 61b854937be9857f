/// How long an idle model stays loaded: Ollama's `keep_alive`.
enum KeepAlive: Hashable, Sendable {
    case seconds(Double)
    case forever

    /// Number = seconds, string = a Go duration, negative = for ever. Nil when the string is no duration.
    init?(_ value: JSONValue) {
        switch value {
        case .integer(let number): self = number < 0 ? .forever : .seconds(Double(number))
        case .number(let number): self = number < 0 ? .forever : .seconds(number)
        case .string(let text):
            guard let seconds = Self.goDuration(text) else { return nil }
            self = seconds < 0 ? .forever : .seconds(seconds)
        default: return nil
        }
    }

    /// Seconds of a Go duration such as `1h30m`, `1.5s` or `-1m`; nil when it is none.
    static func goDuration(_ text: String) -> Double? {
        var rest = Substring(text)
        var sign = 1.0
        if rest.first == "-" || rest.first == "+" { sign = rest.removeFirst() == "-" ? -1 : 1 }
        if rest == "0" { return 0 }
        guard !rest.isEmpty else { return nil }
        var total = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { ("0"..."9").contains($0) || $0 == "." }
            guard let number = Double(digits.hasPrefix(".") ? "0" + digits : String(digits)) else { return nil }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { !("0"..."9").contains($0) && $0 != "." }
            rest = rest.dropFirst(unit.count)
            switch unit {
            case "ns": total += number / 1e9
            case "us", "µs", "μs": total += number / 1e6
            case "ms": total += number / 1e3
            case "s": total += number
            case "m": total += number * 60
            case "h": total += number * 3600
            default: return nil
            }
        }
        return sign * total
    }
}
