import Foundation

/// How a pull goes on, as Ollama's lines tell it.
struct PullProgress {
    /// One line of the stream.
    private struct Step: Decodable {
        let status: String?
        let error: String?
        let total: Int64?
        let completed: Int64?
    }

    /// What it does now, in the engine's words.
    private(set) var status = ""
    /// The layer under way; nil between layers. Bytes.
    private(set) var layer: (completed: Int64, total: Int64)?
    /// It is all there.
    private(set) var isDone = false
    /// Why it ended.
    private(set) var error: String?
    /// Something of which a plain line should be said: another step, or the next tenth of a layer.
    private(set) var isNews = false

    private var tenth = 0
    /// Where the speed is measured from.
    private var begun: (at: Double, completed: Int64)?
    private var bytesPerSecond: Double?

    /// Reads a line of the answer; what is none of Ollama's is left aside.
    /// - Parameter now: seconds on any clock that only grows.
    mutating func read(_ line: [UInt8], now: Double) {
        isNews = false
        guard let step = try? JSONDecoder().decode(Step.self, from: Data(line)) else { return }
        if let error = step.error { self.error = Terminal.plain(error) }
        guard let written = step.status else { return }
        let status = Terminal.plain(written)
        if status != self.status {
            self.status = status
            layer = nil
            tenth = 0
            begun = nil
            bytesPerSecond = nil
            isNews = true
        }
        isDone = status == "success"
        guard let total = step.total, total > 0 else { return }
        let completed = min(max(0, step.completed ?? 0), total)
        layer = (completed, total)
        measure(completed, now)
        let reached = Int(Double(completed) / Double(total) * 10)
        if reached > tenth {
            tenth = reached
            isNews = true
        }
    }

    /// Over the whole layer since it was first heard of: what was there before is not counted as fast.
    private mutating func measure(_ completed: Int64, _ now: Double) {
        guard let begun else {
            begun = (now, completed)
            return
        }
        let seconds = now - begun.at
        if seconds >= 0.5 { bytesPerSecond = Double(max(0, completed - begun.completed)) / seconds }
    }

    /// The part of the layer that is there, 0 to 1.
    var share: Double? { layer.map { Double($0.completed) / Double($0.total) } }

    /// For files and pipes.
    var plainLine: String {
        guard let layer, let share else { return status }
        return "\(status): \(Int(share * 100)) % of \(Terminal.size(bytes: Double(layer.total)))"
    }

    /// For a terminal, at most `width` letters. The bar gives way first, then the words; the figures stay.
    func bar(width: Int) -> String {
        guard let layer, let share else { return Table.cut(status, to: width) }
        let percent = "\(Int(share * 100))"
        var figures = String(repeating: " ", count: max(0, 3 - percent.count)) + percent + " %"
        figures += "  \(Terminal.size(bytes: Double(layer.completed))) of \(Terminal.size(bytes: Double(layer.total)))"
        if let bytesPerSecond, bytesPerSecond > 0 {
            let left = Double(layer.total - layer.completed) / bytesPerSecond
            figures += "  \(Terminal.size(bytes: bytesPerSecond))/s"
            if left >= 1 { figures += "  \(Terminal.time(milliseconds: left * 1_000)) left" }
        }
        let words = Table.cut(status, to: max(8, min(30, width - figures.count - 2)))
        let room = min(40, width - words.count - figures.count - 4)
        guard room >= 8 else { return Table.cut("\(words)  \(figures)", to: width) }
        let full = Int(share * Double(room))
        let bar = String(repeating: "█", count: full) + String(repeating: "░", count: room - full)
        return "\(words)  \(bar)  \(figures)"
    }
}
