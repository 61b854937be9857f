/// A table for terminals: columns as wide as their widest cell, two spaces between.
///
/// Where the screen is too narrow, the widest column of words is shortened until the rest fits; figures are never shortened, as
/// half a number is a wrong number.
struct Table {
    private let head: [String]
    private var rows: [[String]] = []
    /// Columns are at least so wide: rows that are printed later stand below those that were printed before.
    var least: [Int] = []

    /// To how many letters words and titles are shortened, one after the other as the screen gets narrower.
    private static let floors = [(words: 12, titles: Int.max), (8, 6), (5, 4), (1, 1)]
    private static let gap = 2

    /// A table with these column titles.
    init(_ head: [String]) {
        self.head = head
    }

    /// Adds a row; it has as many cells as the head. What would steer the terminal is taken out: names and errors come from others.
    mutating func add(_ cells: [String]) {
        rows.append(cells.map(Terminal.plain))
    }

    /// There is nothing in it.
    var isEmpty: Bool { rows.isEmpty }

    /// The table as lines, without trailing spaces, as wide as it needs.
    var text: String { fitted(.plain) }

    /// The table as a screen can show it.
    func fitted(_ screen: Screen) -> String {
        let widths = widths(screen.width)
        return ([headLine(widths, screen)] + lines(widths, screen)).joined(separator: "\n")
    }

    /// The titles.
    func headLine(_ widths: [Int], _ screen: Screen) -> String {
        screen.paint(Self.line(head, widths, .plain), .strong)
    }

    /// The rows without the titles.
    func lines(_ widths: [Int], _ screen: Screen) -> [String] {
        rows.map { Self.line($0, widths, screen) }
    }

    /// The columns' widths where a line has `limit` columns.
    func widths(_ limit: Int?) -> [Int] {
        var widths = head.indices.map { column in
            max(
                least.indices.contains(column) ? least[column] : 0, ([head] + rows).map { Self.cell($0, column).count }.max() ?? 0
            )
        }
        guard let limit else { return widths }
        for (words, titles) in Self.floors {
            let floors = head.indices.map { column in
                rows.map { Self.cell($0, column) }.map { Self.isFigure($0) ? $0.count : min($0.count, words) }
                    .reduce(min(head[column].count, titles), max)
            }
            guard Self.narrow(&widths, to: limit, floors) else { return widths }
        }
        return widths
    }

    /// Takes from the widest columns first.
    /// - Returns: it is still too wide.
    private static func narrow(_ widths: inout [Int], to limit: Int, _ floors: [Int]) -> Bool {
        var excess = widths.reduce(0, +) + gap * max(0, widths.count - 1) - limit
        while excess > 0 {
            let narrowable = widths.indices.filter { widths[$0] > max(1, floors[$0]) }
            guard let widest = narrowable.max(by: { (widths[$0], $0) < (widths[$1], $1) }) else { return true }
            // Down to the next narrower one at once: an error may be thousands of letters long.
            let next = narrowable.filter { widths[$0] < widths[widest] }.map { widths[$0] }.max() ?? 0
            let step = min(excess, max(1, widths[widest] - max(next, floors[widest], 1)))
            widths[widest] -= step
            excess -= step
        }
        return false
    }

    /// A text of at most `width` letters, the cut shown by an ellipsis.
    static func cut(_ text: String, to width: Int) -> String {
        text.count <= width ? text : String(text.prefix(max(0, width - 1))) + "…"
    }

    /// It begins with a number: `3`, `12:04:10`, `8.0 of 16 GB`, `-1.5`.
    static func isFigure(_ cell: String) -> Bool {
        guard let word = cell.split(separator: " ").first else { return false }
        return Double(word.filter { $0 != ":" && $0 != "," }) != nil
    }

    private static func cell(_ row: [String], _ column: Int) -> String { row.indices.contains(column) ? row[column] : "" }

    private static func line(_ row: [String], _ widths: [Int], _ screen: Screen) -> String {
        let last = row.lastIndex { !$0.isEmpty } ?? -1
        return row.indices.prefix(last + 1).map { column in
            let shown =
                isFigure(row[column])
                ? row[column] : cut(row[column], to: widths.indices.contains(column) ? widths[column] : .max)
            let blanks = column == last ? 0 : max(0, widths[column] - shown.count)
            return screen.paint(shown, Shade(word: row[column])) + String(repeating: " ", count: blanks)
        }.joined(separator: String(repeating: " ", count: gap))
    }
}
