/// The tables of a scale run: what to measure, and how to show it.
public struct ScaleReport: Sendable {
    /// What can be measured.
    public enum Measure: String, CaseIterable, Sendable {
        /// Crash to first and last knowledge.
        case detection
        /// False deaths and suspicions.
        case mistakes
        /// The spread of one change.
        case convergence
        /// Bytes.
        case traffic
    }

    /// Fleet sizes: the columns.
    public var sizes = [2, 10, 50, 200, 1_000]
    /// Which tables.
    public var measures = Measure.allCases
    /// Which networks: the rows.
    public var conditions = Conditions.allCases
    /// Whose constants.
    public var variants = Variant.allCases
    /// Many repetitions and long times, as in the protocol's own figures; else a few minutes for all.
    public var isFull = false
    /// What all chance follows from.
    public var seed: UInt64 = 1
    /// Takes the finished lines, Markdown.
    public var write: @Sendable (String) -> Void
    /// Takes a line on each finished cell.
    public var progress: @Sendable (String) -> Void

    /// A report with the usual plan.
    public init(write: @escaping @Sendable (String) -> Void, progress: @escaping @Sendable (String) -> Void) {
        self.write = write
        self.progress = progress
    }

    /// Measures everything, the smaller fleets first, and writes the tables.
    public func run() {
        let tables = measures.map(table)
        var texts: [[[String]]] = tables.map { $0.rows.map { _ in [] } }
        for size in sizes {
            var fleets = SettledFleets()
            // Cells of the same kind of fleet follow each other, so that it settles once.
            var cells: [(table: Int, row: Int)] = []
            for (number, table) in tables.enumerated() { cells += table.rows.indices.map { (number, $0) } }
            for cell in cells { texts[cell.table][cell.row].append("") }
            for kind in Row.kinds {
                for cell in cells where tables[cell.table].rows[cell.row].kind == kind {
                    let row = tables[cell.table].rows[cell.row]
                    let text = row.measure(size, &fleets)
                    texts[cell.table][cell.row][texts[cell.table][cell.row].count - 1] = text
                    progress("N = \(size), \(measures[cell.table]), \(row.title): \(text)")
                }
            }
        }
        for (number, table) in tables.enumerated() {
            write("\n**\(table.title)**\n")
            write("| \(table.first) | " + sizes.map { "N = \($0)" }.joined(separator: " | ") + " |")
            write(String(repeating: "|---", count: sizes.count + 1) + "|")
            for (place, row) in table.rows.enumerated() {
                write("| \(row.title) | " + texts[number][place].joined(separator: " | ") + " |")
            }
        }
    }

    private func table(_ measure: Measure) -> Table {
        switch measure {
        case .detection: detection
        case .mistakes: mistakes
        case .convergence: convergence
        case .traffic: traffic
        }
    }

    /// Each kind of network with each set of constants.
    private func rows(_ measure: @escaping (Experiment, inout SettledFleets) -> String) -> [Row] {
        conditions.flatMap { network in
            variants.map { variant in
                Row("\(network.title), \(variant.title)", variant) { size, fleets in
                    // The comparison is about the perfect network; the others would take hours.
                    if variant == .memberlist, size > 200, network != .clean { return "–" }
                    return measure(Experiment(variant: variant, peers: size, conditions: network, seed: seed), &fleets)
                }
            }
        }
    }

    private var detection: Table {
        let rows = rows { cell, fleets in
            let crashes = isFull ? (cell.peers <= 50 ? 100 : 32) : (cell.peers < 1_000 ? 16 : 8)
            let result = cell.detection(crashes: crashes, &fleets)
            let missed = result.missed == 0 ? "" : ", \(result.missed) not within 90 s"
            return "\(Self.pair(result.first)) / \(Self.pair(result.all))\(missed)"
        }
        return Table(
            title: "Crash to the first peer that says unreachable / to all, seconds: median (95th percentile, max)",
            first: "loss",
            rows: rows)
    }

    private var mistakes: Table {
        let rows = rows { cell, fleets in
            let hours = cell.peers <= 10 ? 10 : (cell.peers <= 50 ? 2 : (cell.peers <= 200 ? 0.5 : 200.0 / 3_600))
            let result = cell.mistakes(seconds: hours * 3_600 * (isFull || cell.peers > 200 ? 1 : 0.1), &fleets)
            let deaths = Self.text(Double(result.deaths) / result.peerHours, digits: 2)
            let suspicions = Self.text(Double(result.suspicions) / result.peerHours, digits: 1)
            return "\(deaths) (\(result.deaths) · \(result.deathViews)) · \(suspicions)"
        }
        return Table(
            title: "False deaths per peer and hour (events · observers that believed them) · suspicions per peer and hour",
            first: "loss", rows: rows)
    }

    private var convergence: Table {
        let rows = conditions.map { network in
            Row(network.title, .herd) { size, fleets in
                let result = Experiment(peers: size, conditions: network, seed: seed)
                    .convergence(changes: isFull ? 40 : 20, &fleets)
                let all = "\(Self.milliseconds(result.all.median)) (\(Self.milliseconds(result.all.most)))"
                let missed = result.missed == 0 ? "" : ", \(result.missed) not within a minute"
                return "\(Self.milliseconds(result.half.median)) / \(all)\(missed)"
            }
        }
        return Table(
            title: "One change at half of the others / at all, milliseconds: median / median (max)", first: "loss", rows: rows)
    }

    private var traffic: Table {
        let seconds = isFull ? 120.0 : 30.0
        func row(
            _ title: String, _ load: Experiment.Load, _ network: Conditions = .clean, lease: Bool = false,
            show: @escaping (Experiment.Traffic) -> String = { "\(Int($0.total.rounded())) · \($0.most)" }
        ) -> Row {
            Row(title, .herd, lease: lease) { size, fleets in
                let cell = Experiment(peers: size, conditions: network, seed: seed, lease: lease)
                return show(cell.traffic(load, seconds: seconds, &fleets))
            }
        }
        func busy(_ result: Experiment.Traffic) -> String {
            let ages = [0.5, 0.99, 1].map { Self.text(result.ages.quantile($0), digits: 2) }.joined(separator: " / ")
            return "\(Int(result.total.rounded())) · \(result.most); \(ages); \(Int(result.exchanges.rounded()))"
        }
        return Table(
            title: "Bytes per second and peer: datagrams with their headers · most in any 1 s", first: "load",
            rows: [
                row("idle, no router", .idle),
                row("idle, 20 % loss, no router", .idle, .twentyPercent),
                row("a change every 5 s somewhere, no router", .some),
                row("idle, with a router; its lease messages; the router's most in any 1 s", .idle, lease: true) {
                    "\(Int($0.total.rounded())) · \($0.most); \(Int($0.lease.rounded())); \($0.mostLease)"
                },
                row("everybody every U; age of hot p50 / p99 / max, s; TCP", .everybody, show: busy),
                row("the same at 20 % loss", .everybody, .twentyPercent, show: busy),
                Row("idle, push/pull by TCP", .herd, lease: false) { size, fleets in
                    let cell = Experiment(peers: size, seed: seed, lease: false)
                    return Self.text(cell.traffic(.idle, seconds: 400, &fleets).exchanges, digits: 0)
                },
            ])
    }

    private static func pair(_ sample: Sample) -> String {
        "\(text(sample.median, digits: 1)) (\(text(sample.quantile(0.95), digits: 1)), \(text(sample.most, digits: 1)))"
    }

    private static func milliseconds(_ seconds: Double) -> String { text(seconds * 1_000, digits: 0) }

    private static func text(_ value: Double, digits: Int) -> String {
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((value * Double(scale)).rounded())
        guard digits > 0 else { return String(scaled) }
        let fraction = String(scaled % scale)
        return "\(scaled / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}
