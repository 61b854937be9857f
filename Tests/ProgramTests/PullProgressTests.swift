import Testing

@testable import Program

@Suite struct PullProgressTests {
    private func read(_ progress: inout PullProgress, _ line: String, at now: Double = 0) {
        progress.read(Array(line.utf8), now: now)
    }

    @Test func aPullGoesOnByLayers() {
        var progress = PullProgress()
        read(&progress, #"{"status":"pulling manifest"}"#)
        #expect(progress.isNews && progress.plainLine == "pulling manifest" && progress.share == nil)
        read(&progress, #"{"status":"pulling 8eeb52dfb3bb","digest":"sha256:8e","total":2000000000}"#, at: 0)
        #expect(progress.plainLine == "pulling 8eeb52dfb3bb: 0 % of 2.0 GB")
        read(&progress, #"{"status":"pulling 8eeb52dfb3bb","total":2000000000,"completed":100000000}"#, at: 1)
        #expect(!progress.isNews)
        read(&progress, #"{"status":"pulling 8eeb52dfb3bb","total":2000000000,"completed":500000000}"#, at: 5)
        #expect(progress.isNews && progress.share == 0.25)
        let bar = progress.bar(width: 100)
        #expect(bar.contains("25 %  500 MB of 2.0 GB  100 MB/s  15.0 s left"))
        #expect(bar.filter { $0 == "█" }.count * 3 <= bar.filter { $0 == "░" }.count)
        read(&progress, #"{"status":"success"}"#)
        #expect(progress.isDone && progress.error == nil)
    }

    @Test(arguments: 10...140) func theBarFitsAnyTerminal(width: Int) {
        var progress = PullProgress()
        read(&progress, #"{"status":"pulling 8eeb52dfb3bb","total":19900000000,"completed":0}"#)
        read(&progress, #"{"status":"pulling 8eeb52dfb3bb","total":19900000000,"completed":9900000000}"#, at: 300)
        #expect(progress.bar(width: width).count <= width)
    }

    @Test(arguments: [
        "", "no json", "[]", #"{"total":-5,"completed":9}"#, #"{"status":"x","total":0,"completed":9}"#,
        #"{"status":"x","total":10,"completed":99}"#, #"{"status":"x","total":10,"completed":-99}"#,
    ])
    func whatIsNoProgressBreaksNothing(line: String) {
        var progress = PullProgress()
        read(&progress, line)
        #expect(!progress.isDone && progress.error == nil)
        #expect((0...1).contains(progress.share ?? 0))
        #expect(progress.bar(width: 80).count <= 80)
    }

    @Test func anErrorIsKeptAndSteersNoTerminal() {
        var progress = PullProgress()
        read(&progress, #"{"error":"pull model manifest:\u001b[2J file does not exist"}"#)
        #expect(progress.error == "pull model manifest:?[2J file does not exist")
    }

    @Test func linesAreWholeWhateverTheChunks() {
        let text = Array("{\"a\":1}\n\n{\"b\":2}\nrest".utf8)
        for size in 1...text.count {
            var splitter = LineSplitter()
            var lines: [String] = []
            for start in stride(from: 0, to: text.count, by: size) {
                lines += splitter.take(Array(text[start..<min(start + size, text.count)])).map {
                    String(decoding: $0, as: UTF8.self)
                }
            }
            #expect(lines == ["{\"a\":1}", "{\"b\":2}"])
            #expect(splitter.remainder == Array("rest".utf8))
        }
    }

    @Test func aLineWithoutAnEndGrowsNoMemory() {
        var splitter = LineSplitter()
        let chunk = [UInt8](repeating: 65, count: 300_000)
        for _ in 0..<10 { #expect(splitter.take(chunk).isEmpty) }
        #expect(splitter.remainder?.count == LineSplitter.longest)
    }
}
