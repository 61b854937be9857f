/// Settings: one version has one value wherever it is written, and what a peer has written never gets older.
struct SettingCheck {
    private struct Version: Hashable {
        var key: String
        var version: [UInt64]
    }

    private var values: [Version: HistoryLine] = [:]
    private var latest: [String: [UInt64]] = [:]
    private(set) var findings: [Finding] = []

    /// Takes the next line of one peer; the lines of a peer come in their order.
    mutating func take(_ line: HistoryLine) {
        guard line.kind == .setting, let key = line.key, let version = line.version else { return }
        if let other = values[Version(key: key, version: version)] {
            if other.value != line.value {
                report(line, "\(key) has another value at \(other.place) with the same version \(version)")
            }
        } else {
            values[Version(key: key, version: version)] = line
        }
        let place = "\(line.peer)/\(key)"
        if let before = latest[place], version.lexicographicallyPrecedes(before) {
            report(line, "\(key) goes back from version \(before) to \(version)")
        }
        latest[place] = version
    }

    private mutating func report(_ line: HistoryLine, _ text: String) {
        findings.append(Finding(rule: .setting, place: line.place, text: "\(line.peer.prefix(8)): \(text)"))
    }
}
