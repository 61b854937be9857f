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

    /// Measures everything and writes the tables.
    public func run() {
        for measure in measures {
            switch measure {
            case .detection: detection()
            case .mistakes: mistakes()
            case .convergence: convergence()
            case .traffic: traffic()
            }
        }
    }

    /// Each kind of network with each set of constants is a row.
    private var rows: [(Conditions, Variant)] { conditions.flatMap { network in variants.map { (network, $0) } } }

    private func head(_ title: String, _ first: String) {
        write("\n**\(title)**\n")
        write("| \(first) | " + sizes.map { "N = \($0)" }.joined(separator: " | ") + " |")
        write(String(repeating: "|---", count: sizes.count + 1) + "|")
    }

    private func row(_ title: String, _ cell: (Int) -> String) {
        let cells = sizes.map { size in
            let text = cell(size)
            progress("\(title), N = \(size): \(text)")
            return text
        }
        write("| \(title) | " + cells.joined(separator: " | ") + " |")
    }

    private func detection() {
        head("Crash to the first peer that says unreachable / to all, seconds: median (max)", "loss")
        for (network, variant) in rows {
            row("\(network.title), \(variant.title)") { size in
                // The usual constants on the perfect network are what the bars speak of.
                let most = isFull ? (size <= 50 ? 100 : 32) : (size < 1_000 ? 16 : 8)
                let cell = Experiment(variant: variant, peers: size, conditions: network, seed: seed)
                let result = cell.detection(crashes: most)
                let missed = result.missed == 0 ? "" : ", \(result.missed) not within 90 s"
                return "\(Self.pair(result.first)) / \(Self.pair(result.all))\(missed)"
            }
        }
    }

    private func mistakes() {
        head("False deaths per peer and hour (events · views of them) · suspicions per peer and hour", "loss")
        for (network, variant) in rows {
            row("\(network.title), \(variant.title)") { size in
                let result = Experiment(variant: variant, peers: size, conditions: network, seed: seed)
                    .mistakes(seconds: Self.hours(size) * 3_600 * (isFull ? 1 : 0.1))
                let deaths = Self.text(Double(result.deaths) / result.peerHours, digits: 2)
                let suspicions = Self.text(Double(result.suspicions) / result.peerHours, digits: 1)
                return "\(deaths) (\(result.deaths) · \(result.deathViews)) · \(suspicions)"
            }
        }
    }

    /// How long mistakes are looked for.
    private static func hours(_ size: Int) -> Double {
        size <= 10 ? 10 : (size <= 50 ? 2 : (size <= 200 ? 0.5 : 200.0 / 3_600))
    }

    private func convergence() {
        head("One change at half of the others / at all, milliseconds: median / median (max)", "loss")
        for (network, variant) in rows where variant == .herd || variants.count == 1 {
            row(network.title) { size in
                let result = Experiment(variant: variant, peers: size, conditions: network, seed: seed)
                    .convergence(changes: isFull ? 40 : 20)
                let all = "\(Self.milliseconds(result.all.median)) (\(Self.milliseconds(result.all.most)))"
                let missed = result.missed == 0 ? "" : ", \(result.missed) not within a minute"
                return "\(Self.milliseconds(result.half.median)) / \(all)\(missed)"
            }
        }
    }

    private func traffic() {
        head("Bytes per second and peer (datagrams with headers · most in any 1 s)", "load")
        let seconds = isFull ? 120.0 : 30.0
        func show(_ result: Experiment.Traffic) -> String { "\(Int(result.total.rounded())) · \(result.most)" }
        func cell(_ size: Int, lease: Bool, _ network: Conditions = .clean) -> Experiment {
            Experiment(peers: size, conditions: network, seed: seed, lease: lease)
        }
        row("idle, no router") { show(cell($0, lease: false).traffic(.idle, seconds: seconds)) }
        row("idle, with a router") { size in
            let result = cell(size, lease: true).traffic(.idle, seconds: seconds)
            return show(result) + " (lease messages \(Int(result.lease.rounded())))"
        }
        row("idle, 20 % loss, no router") { show(cell($0, lease: false, .twentyPercent).traffic(.idle, seconds: seconds)) }
        row("a change every 3 s, no router") { show(cell($0, lease: false).traffic(.some, seconds: seconds)) }
        for network in [Conditions.clean, .twentyPercent] {
            row("everybody every U, \(network.title) loss, with a router; age of hot p50 / p99 / max s") { size in
                let result = cell(size, lease: true, network).traffic(.everybody, seconds: seconds)
                let ages = [0.5, 0.99, 1].map { Self.text(result.ages.quantile($0), digits: 2) }.joined(separator: " / ")
                return "\(show(result)); \(ages); \(Self.text(result.exchangesPerHour, digits: 0)) exchanges/h"
            }
        }
        row("exchanges by TCP when idle, bytes/s") { size in
            Self.text(cell(size, lease: false).traffic(.idle, seconds: 400).exchanges, digits: 0)
        }
    }

    private static func pair(_ sample: Sample) -> String {
        "\(text(sample.median, digits: 1)) (\(text(sample.most, digits: 1)))"
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
