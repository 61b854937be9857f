/// The checks: pure functions from facts to findings. Ids, thresholds, severities and data keys are ollama-herd's where it has the
/// check.
public enum Checks {
    /// Fewer requests say nothing about a rate of `threshold`: one of them alone would exceed it.
    static func floor(_ threshold: Double) -> Int { Int((1 / threshold).rounded(.down)) + 1 }

    /// A share in percent.
    static func percent(_ part: Int, of whole: Int) -> Double { whole == 0 ? 0 : Double(part) * 100 / Double(whole) }

    /// `one`, `one and two`, `one, two and 3 more`.
    static func words(_ names: [String], most: Int = 5) -> String {
        guard names.count > 1 else { return names.first ?? "" }
        if names.count <= most { return names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "") }
        return names.prefix(most).joined(separator: ", ") + " and \(names.count - most) more"
    }

    /// A number with one decimal, without a needless zero.
    static func text(_ value: Double) -> String {
        let rounded = value.tenths
        return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int(rounded)) : String(rounded)
    }
}
