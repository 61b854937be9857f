import Scale

/// `herd-simulate scale [--full] [--sizes 2,10,50] [--measures detection,traffic] [--loss 0,20,wifi] [--constants herd] [--seed S]`
enum ScaleCommand {
    /// Measures and prints Markdown tables; progress goes to the standard error. False when a flag is not understood.
    static func run(_ arguments: ArraySlice<String>) -> Bool {
        var report = ScaleReport(write: { print($0) }, progress: { complain($0) })
        var rest = arguments
        while let flag = rest.popFirst() {
            if flag == "--full" {
                report.isFull = true
                continue
            }
            guard let value = rest.popFirst(), take(flag, value, into: &report) else {
                print("herd-simulate scale: cannot use \(flag)")
                return false
            }
        }
        report.run()
        return true
    }

    private static func take(_ flag: String, _ value: String, into report: inout ScaleReport) -> Bool {
        let parts = value.split(separator: ",").map(String.init)
        switch flag {
        case "--sizes":
            report.sizes = parts.compactMap { Int($0) }
            return report.sizes.count == parts.count && report.sizes.allSatisfy { (2...4_000).contains($0) }
        case "--measures":
            report.measures = parts.compactMap { ScaleReport.Measure(rawValue: $0) }
            return report.measures.count == parts.count
        case "--loss":
            report.conditions = parts.compactMap { Conditions(rawValue: $0) }
            return report.conditions.count == parts.count
        case "--constants":
            report.variants = parts.compactMap { Variant(rawValue: $0) }
            return report.variants.count == parts.count
        case "--seed":
            guard let seed = UInt64(value) else { return false }
            report.seed = seed
            return true
        default: return false
        }
    }
}
