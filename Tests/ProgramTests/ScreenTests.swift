import Testing

@testable import Program

@Suite struct ScreenTests {
    private func table() -> Table {
        var table = Table(["MODEL", "SIZE", "ERROR"])
        table.add(["qwen2.5-coder:32b-instruct", "19.9 GB", "the engine went away in the middle of it"])
        table.add(["tiny", "12 MB", ""])
        return table
    }

    private func screen(_ width: Int, colours: Bool = false) -> Screen {
        Screen(isTerminal: true, columns: width, rows: 24, environment: colours ? ["TERM": "xterm"] : ["NO_COLOR": "1"])
    }

    @Test func theWidestColumnOfWordsGivesWayAndFiguresNever() {
        let lines = table().fitted(screen(50)).split(separator: "\n").map(String.init)
        #expect(lines.allSatisfy { $0.count <= 50 })
        #expect(lines[1].contains("19.9 GB"))
        #expect(lines[1].hasSuffix("…"))
        #expect(lines[2].hasPrefix("tiny  ") && lines[2].hasSuffix("  12 MB"))
        #expect(lines[0].prefix(lines[2].count - 5).hasSuffix("  ") && lines[0].dropFirst(lines[2].count - 5).hasPrefix("SIZE"))
    }

    @Test(arguments: 1...120) func noWidthCutsAFigureOrBreaksTheProgram(width: Int) {
        let lines = table().fitted(screen(width)).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[1].contains("19.9 GB") && lines[2].contains("12 MB"))
        if width >= 24 { #expect(lines.allSatisfy { $0.count <= width }) }
    }

    @Test func withoutATerminalNothingIsShortened() {
        let pipe = Screen(isTerminal: false, columns: 0, rows: 0, environment: ["TERM": "xterm"])
        #expect(pipe == .plain)
        #expect(table().fitted(pipe).contains("in the middle of it"))
        let told = Screen(isTerminal: false, columns: 0, rows: 0, environment: ["COLUMNS": "40"])
        #expect(told.width == 40 && !told.colours)
    }

    @Test(arguments: [("xterm", nil, true), ("xterm", "", true), ("xterm", "1", false), ("dumb", nil, false)])
    func coloursAreForTerminalsThatWantThem(term: String, noColour: String?, expected: Bool) {
        var environment = ["TERM": term]
        environment["NO_COLOR"] = noColour
        #expect(Screen(isTerminal: true, columns: 80, rows: 24, environment: environment).colours == expected)
        #expect(!Screen(isTerminal: false, columns: 0, rows: 0, environment: environment).colours)
    }

    @Test(arguments: ["0", "-3", "wide", ""]) func aBadNumberOfColumnsCountsAsNone(columns: String) {
        #expect(Screen(isTerminal: true, columns: 132, rows: 24, environment: ["COLUMNS": columns]).width == 132)
        #expect(Screen(isTerminal: true, columns: 0, rows: 0, environment: ["COLUMNS": columns]).width == 80)
    }

    @Test func coloursChangeNoWidth() {
        var table = Table(["STATUS", "NODE"])
        table.add(["online", "desk"])
        table.add(["x", "y"])
        let painted = table.fitted(screen(80, colours: true)).split(separator: "\n")
        #expect(painted[1] == "\u{1B}[32monline\u{1B}[0m  desk")
        #expect(painted[2] == "x       y")
    }

    @Test func namesFromOthersSteerNoTerminal() {
        var table = Table(["MODEL"])
        table.add(["a\u{1B}[2J\u{9B}b\r\nc\u{202E}d"])
        #expect(table.text == "MODEL\na?[2J?b  c?d")
    }

    @Test(arguments: [
        ("3", true), ("12:04:10", true), ("8.0 of 16 GB", true), ("-1.5", true), ("7b", false), ("10.0.0.7:11435", false),
        ("", false),
        ("online", false),
    ])
    func aFigureBeginsWithANumber(cell: String, expected: Bool) { #expect(Table.isFigure(cell) == expected) }

    @Test(arguments: [(0.0, "0 B"), (999, "999 B"), (800_000, "800 kB"), (999_600, "1 MB"), (4_661_000_000, "4.7 GB")])
    func sizesReadShort(bytes: Double, text: String) { #expect(Terminal.size(bytes: bytes) == text) }

    @Test func longTextBreaksBetweenWords() {
        let lines = screen(30).wrap("one machine of the fleet does not answer any more", indent: 2)
        #expect(lines.allSatisfy { $0.count <= 30 && $0.hasPrefix("  ") && !$0.hasPrefix("   ") })
        #expect(lines.map { $0.dropFirst(2) }.joined(separator: " ") == "one machine of the fleet does not answer any more")
        #expect(screen(30).wrap("") == [""])
    }

    @Test func aPictureFitsTheHeightOfTheScreen() {
        let picture = (1...40).map(String.init).joined(separator: "\n")
        let small = Screen(isTerminal: true, columns: 80, rows: 10, environment: [:])
        let frame = StatusWatch.frame(picture, small)
        #expect(frame.split(separator: "\n").count == 10)
        #expect(frame.contains("… 31 more lines"))
        #expect(!StatusWatch.frame("1\n2", small).contains("more lines"))
    }
}
