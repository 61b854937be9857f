/// Memory bandwidth of known chips: what a model's speed mostly depends on.
public enum Bandwidth {
    /// GB/s of a GPU or processor by its name; nil for one that the table does not know.
    ///
    /// Laptop versions of the cards have other memory than the desktop cards in the table, so they count as unknown.
    public static func gigabytesPerSecond(chip: String) -> Double? {
        let words = chip.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        if words.contains("laptop") || words.contains("mobile") || (words.contains("max") && words.contains("q")) { return nil }
        return apple(words) ?? card(words)
    }

    /// M1…M4: base, Pro, Max, Ultra.
    private static let appleTable: [Substring: [Double]] = [
        "m1": [68, 200, 400, 800], "m2": [100, 200, 400, 800], "m3": [100, 150, 400, 819], "m4": [120, 273, 546],
    ]

    private static func apple(_ words: [Substring]) -> Double? {
        guard words.contains("apple"), let row = words.lazy.compactMap({ appleTable[$0] }).first else { return nil }
        let column = words.contains("ultra") ? 3 : words.contains("max") ? 2 : words.contains("pro") ? 1 : 0
        return column < row.count ? row[column] : nil
    }

    private static let dataCentre: [(name: String, value: Double)] = [("h100", 3350), ("a100", 2039), ("l40", 864)]
    private static let geforce: [(name: String, value: Double)] = [
        ("5090", 1792), ("4090", 1008), ("4080", 716), ("3090", 936), ("3080", 760), ("3070", 448), ("2080", 616), ("2070", 448),
    ]

    private static func card(_ words: [Substring]) -> Double? {
        let table = words.contains("rtx") ? geforce + dataCentre : dataCentre
        for word in words {
            // A letter may follow (`l40s`), another digit makes another card (`a1000`).
            for entry in table where word.hasPrefix(entry.name) && !word.dropFirst(entry.name.count).contains(where: \.isNumber) {
                return entry.value
            }
        }
        return nil
    }
}
