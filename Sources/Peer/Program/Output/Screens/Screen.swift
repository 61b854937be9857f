import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What standard output can show.
struct Screen: Sendable, Hashable {
    /// Columns; nil where lines may be as long as they like.
    var width: Int?
    /// Rows; nil where nobody counts them.
    var height: Int?
    /// Colours are welcome.
    var colours = false
    /// Somebody looks at it: lines may be drawn again.
    var isTerminal = false

    /// A file or a pipe.
    static let plain = Screen()

    /// Standard output as it is now: people change the size of windows.
    static var current: Screen {
        var size = winsize()
        let isTerminal = isatty(STDOUT_FILENO) == 1
        let isKnown = isTerminal && ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0
        return Screen(
            isTerminal: isTerminal, columns: isKnown ? Int(size.ws_col) : 0, rows: isKnown ? Int(size.ws_row) : 0,
            environment: ProcessInfo.processInfo.environment)
    }

    private init() {}

    /// - Parameters:
    ///   - columns: what the terminal says; 0 when it says nothing.
    ///   - rows: the same of its rows.
    ///   - environment: `COLUMNS` goes before what the terminal says, also where there is none; `NO_COLOR` with anything in it
    ///     (no-color.org) and `TERM=dumb` forbid colours.
    init(isTerminal: Bool, columns: Int, rows: Int, environment: [String: String]) {
        self.isTerminal = isTerminal
        let wanted = environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        width = wanted ?? (isTerminal ? (columns > 0 ? columns : 80) : nil)
        height = isTerminal ? (rows > 0 ? rows : 24) : nil
        colours = isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }

    /// The text in a shade, where colours are welcome.
    func paint(_ text: String, _ shade: Shade?) -> String {
        guard colours, let shade, !text.isEmpty else { return text }
        return "\u{1B}[\(shade.rawValue)m\(text)\u{1B}[0m"
    }

    /// A text cut at the screen's width, the cut shown by an ellipsis.
    func cut(_ text: String) -> String { width.map { Table.cut(text, to: $0) } ?? text }

    /// A text broken between words into lines that fit, each behind `indent` blanks.
    func wrap(_ text: String, indent: Int = 0) -> [String] {
        let blanks = String(repeating: " ", count: indent)
        guard let width else { return [blanks + text] }
        let room = max(20, width - indent)
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > room {
                lines.append(blanks + line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return line.isEmpty && !lines.isEmpty ? lines : lines + [blanks + line]
    }
}
