import Testing

/// Small rooms: DESIGN's limits on files and functions.
@Suite struct SizeTests {
    let files = ["Sources", "Tests", "Benchmarks"].flatMap { SourceTree.swiftFiles(in: $0) }

    @Test func filesStayBelow400Lines() {
        for file in files {
            #expect(file.lines.count <= 401, "\(file.path) has \(file.lines.count) lines: split it by topic")
        }
    }

    @Test func theMedianAndTheNinetiethPercentileStaySmall() throws {
        let sizes = SourceTree.swiftFiles(in: "Sources").map(\.lines.count).sorted()
        try #require(sizes.count > 20)
        #expect(sizes[sizes.count / 2] <= 150)
        #expect(sizes[sizes.count * 9 / 10] <= 300)
    }

    @Test func functionsStayBelow60Lines() {
        for file in files {
            for function in file.functions {
                #expect(function.length <= 60, "\(file.path):\(function.line) \(function.name) has \(function.length) lines")
            }
        }
    }

    @Test func linesStayBelow133Columns() {
        for file in files {
            for (number, line) in file.lines.enumerated() {
                #expect(line.count <= 132, "\(file.path):\(number + 1) has \(line.count) columns")
            }
        }
    }

    @Test func theMeterItselfWorks() {
        let sample = SourceTree.File(
            path: "sample",
            lines: ["public func f(a: Int) -> Int {", "    // } not code", "    let s = \"}\"", "    return 1", "}"])
        #expect(sample.functions.map(\.length) == [5])
        #expect(sample.functions.first?.name == "f")
    }
}
