import API
import Foundation

/// Prints traces below those that it printed before.
struct TracePrinter {
    let isJSON: Bool
    private var widths: [Int] = []

    init(isJSON: Bool) {
        self.isJSON = isJSON
    }

    /// Prints them in this order: as lines of a table that grows, or as a line of JSON each.
    mutating func show(_ rows: [TraceBody.Trace]) {
        for line in lines(rows, .current) { Terminal.say(line) }
    }

    /// The lines for a screen.
    mutating func lines(_ rows: [TraceBody.Trace], _ screen: Screen) -> [String] {
        guard !isJSON else { return rows.compactMap(Self.json) }
        let isFirst = widths.isEmpty
        guard !rows.isEmpty || isFirst else { return [] }
        var table = TracesCommand.table(rows)
        // The width of names that may come; the error is last and needs none.
        table.least = isFirst ? [8, 20, 10, 10, 11, 8, 6, 5, 0] : Array(widths.dropLast()) + [0]
        widths = table.widths(screen.width)
        return (isFirst ? [table.headLine(widths, screen)] : []) + table.lines(widths, screen)
    }

    private static func json(_ row: TraceBody.Trace) -> String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(row)).map { String(decoding: $0, as: UTF8.self) }
    }
}
