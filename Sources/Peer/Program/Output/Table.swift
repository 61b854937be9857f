/// A table for terminals: columns as wide as their widest cell, two spaces between.
struct Table {
    private let head: [String]
    private var rows: [[String]] = []

    /// A table with these column titles.
    init(_ head: [String]) {
        self.head = head
    }

    /// Adds a row; it has as many cells as the head.
    mutating func add(_ cells: [String]) {
        rows.append(cells)
    }

    /// The table as lines, without trailing spaces.
    var text: String {
        let all = [head] + rows
        let widths = head.indices.map { column in all.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0 }
        return all.map { row in
            let line = row.enumerated().map { column, cell in
                cell + String(repeating: " ", count: max(0, widths[column] - cell.count))
            }.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }
}
