/// Prometheus' text exposition format 0.0.4: one family after the other, labels escaped.
struct PrometheusText {
    /// What a family counts.
    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    private(set) var text = ""

    /// Adds a family with its samples.
    ///
    /// - Parameters:
    ///   - name: `[a-zA-Z_:][a-zA-Z0-9_:]*`, counters end in `_total`.
    ///   - samples: label pairs and a value each.
    mutating func add(_ name: String, _ kind: Kind, help: String, samples: [(labels: [(String, String)], value: Double)]) {
        start(name, kind, help: help)
        for sample in samples { line(name, Self.pairs(sample.labels), sample.value) }
    }

    /// Adds a family of histograms: each bucket with all below it, the sum, and how many there were.
    mutating func add(_ name: String, help: String, histograms: [(labels: [(String, String)], histogram: Histogram)]) {
        start(name, .histogram, help: help)
        for (labels, histogram) in histograms {
            let pairs = Self.pairs(labels)
            let before = pairs.isEmpty ? "" : pairs + ","
            var below: UInt64 = 0
            for (bound, count) in zip(histogram.bounds.map(Self.number) + ["+Inf"], histogram.counts) {
                below += count
                line("\(name)_bucket", "\(before)le=\"\(bound)\"", Double(below))
            }
            line("\(name)_sum", pairs, histogram.sum)
            line("\(name)_count", pairs, Double(below))
        }
    }

    private mutating func start(_ name: String, _ kind: Kind, help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    private mutating func line(_ name: String, _ pairs: String, _ value: Double) {
        text += pairs.isEmpty ? name : "\(name){\(pairs)}"
        text += " \(Self.number(value))\n"
    }

    private static func pairs(_ labels: [(String, String)]) -> String {
        labels.map { "\($0.0)=\"\(escaped($0.1))\"" }.joined(separator: ",")
    }

    /// Adds a family with one sample.
    mutating func add(_ name: String, _ kind: Kind, help: String, value: Double) {
        add(name, kind, help: help, samples: [([], value)])
    }

    private static func escaped(_ value: String) -> String {
        var result = ""
        for character in value {
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
        return result
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }
}
