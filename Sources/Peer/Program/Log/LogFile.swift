import Foundation
import Synchronization

/// `logs/herd.jsonl`: one JSON object a line, a new file each UTC day, 30 kept.
///
/// A disk that is full or gone loses lines, nothing else.
final class LogFile: Sendable {
    private struct State {
        var handle: FileHandle?
        var day = ""
    }

    private let folder: URL
    private let utcDay: @Sendable () -> String
    private let state = Mutex(State())

    /// How many old days are kept.
    static let keptDays = 30

    /// - Parameter utcDay: today, `2026-11-21`.
    init(dataDirectory: String, utcDay: @escaping @Sendable () -> String = WallTime.utcDay) {
        self.utcDay = utcDay
        folder = URL(fileURLWithPath: dataDirectory).appendingPathComponent("logs")
    }

    /// Appends one line.
    func append(_ line: String) {
        state.withLock { state in
            let today = utcDay()
            if state.day != today { turn(to: today, &state) }
            try? state.handle?.write(contentsOf: Data((line + "\n").utf8))
        }
    }

    private func turn(to day: String, _ state: inout State) {
        let files = FileManager.default
        try? files.createDirectory(at: folder, withIntermediateDirectories: true)
        let current = folder.appendingPathComponent("herd.jsonl")
        try? state.handle?.close()
        let last = state.day.isEmpty ? Self.lastDay(of: current) : state.day
        if let last, last != day, files.fileExists(atPath: current.path) {
            try? files.moveItem(at: current, to: folder.appendingPathComponent("herd.jsonl.\(last)"))
            removeOld()
        }
        if !files.fileExists(atPath: current.path) {
            _ = files.createFile(atPath: current.path, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        state.handle = try? FileHandle(forWritingTo: current)
        _ = try? state.handle?.seekToEnd()
        state.day = day
    }

    /// The UTC day on which a file was last written.
    private static func lastDay(of file: URL) -> String? {
        guard let date = try? FileManager.default.attributesOfItem(atPath: file.path)[.modificationDate] as? Date else {
            return nil
        }
        return String(ISO8601DateFormatter().string(from: date).prefix(10))
    }

    private func removeOld() {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
            .filter { $0.hasPrefix("herd.jsonl.") }.sorted()
        for name in names.dropLast(Self.keptDays) { try? FileManager.default.removeItem(at: folder.appendingPathComponent(name)) }
    }
}
