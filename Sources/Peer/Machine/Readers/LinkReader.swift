/// Finds the card of the default route in `/proc/net/route` and whether it is a radio.
public struct LinkReader: Sendable {
    private let files: SystemFiles

    /// A reader of `files`.
    public init(files: SystemFiles) { self.files = files }

    /// The kind of the IPv4 default route with the lowest metric.
    public func read() -> LinkKind {
        guard let table = files.text("/proc/net/route", limit: 16384) else { return .unknown }
        var best: (card: Substring, metric: Int)?
        for row in table.split(separator: "\n").dropFirst() {
            // Iface, Destination, Gateway, Flags, RefCnt, Use, Metric, …
            let columns = row.split(whereSeparator: { $0 == "\t" || $0 == " " })
            guard columns.count >= 7, columns[1] == "00000000", let metric = Int(columns[6]),
                let flags = Int(columns[3], radix: 16), flags & 1 == 1
            else { continue }
            if metric < best?.metric ?? Int.max { best = (columns[0], metric) }
        }
        guard let card = best?.card, !card.contains("/"), !card.hasPrefix(".") else { return .unknown }
        let folder = "/sys/class/net/" + card
        return files.exists(folder + "/wireless") || files.exists(folder + "/phy80211") ? .wifi : .wired
    }
}
