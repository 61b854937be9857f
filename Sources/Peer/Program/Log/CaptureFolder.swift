import Foundation

/// `debug/requests.2026-11-21.jsonl`: what clients sent, one JSON object a line, a file a day. A file that is full gets a number
/// (`requests.2026-11-21.000001.jsonl`), so that the oldest can go before a day is over.
struct CaptureFolder: Sendable {
    let settings: CaptureSettings
    private let folder: URL
    private var handle: FileHandle?
    private var day = ""
    private var size = 0

    /// The data directory's folder; nothing is made before the first line.
    init(dataDirectory: String, settings: CaptureSettings) {
        self.settings = settings
        folder = URL(fileURLWithPath: dataDirectory).appendingPathComponent("debug")
    }

    /// A file has at most this share of all bytes.
    private var mostPerFile: Int { max(1, settings.maximumBytes / 8) }

    private func file(_ day: String, _ number: Int? = nil) -> URL {
        let part = number.map { "." + String(repeating: "0", count: max(0, 6 - "\($0)".count)) + "\($0)" } ?? ""
        return folder.appendingPathComponent("requests.\(day)\(part).jsonl")
    }

    /// The files, oldest first.
    private var files: [URL] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasPrefix("requests.") && $0.hasSuffix(".jsonl") }.sorted().map(folder.appendingPathComponent)
    }

    private static func size(_ file: URL) -> Int {
        (try? FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int) ?? 0
    }

    /// What lies there, bytes.
    var bytes: Int { files.reduce(0) { $0 + Self.size($1) } }

    /// Appends whole lines. Throws what the disk says.
    mutating func append(_ lines: Data, now: Date) throws {
        let today = Self.utcDay(now)
        let isOpen = handle != nil && day == today && FileManager.default.fileExists(atPath: file(today).path)
        if !isOpen || (size > 0 && size + lines.count > mostPerFile) { try turn(to: today, now, for: lines.count) }
        try handle?.write(contentsOf: lines)
        size += lines.count
    }

    /// Opens today's file; what is in it already makes room when it is full.
    private mutating func turn(to today: String, _ now: Date, for count: Int) throws {
        try? handle?.close()
        handle = nil
        let manager = FileManager.default
        try manager.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let current = file(today)
        size = Self.size(current)
        if size > 0, size + count > mostPerFile {
            try manager.moveItem(at: current, to: file(today, nextNumber(today)))
            size = 0
        }
        if !manager.fileExists(atPath: current.path) {
            guard manager.createFile(atPath: current.path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
                throw CocoaError(.fileWriteUnknown)
            }
        }
        let opened = try FileHandle(forWritingTo: current)
        try opened.seekToEnd()
        handle = opened
        day = today
        removeOld(now)
    }

    private func nextNumber(_ day: String) -> Int {
        let numbers = files.compactMap { url -> Int? in
            let parts = url.lastPathComponent.split(separator: ".")
            return parts.count == 4 && parts[1] == day ? Int(parts[2]) : nil
        }
        return (numbers.max() ?? 0) + 1
    }

    /// Removes what is too old, and the oldest of what is too much. Also while nothing is written any more.
    func removeOld(_ now: Date) {
        let manager = FileManager.default
        let oldest = Self.utcDay(now.addingTimeInterval(-86_400 * Double(settings.days - 1)))
        var left: [(file: URL, size: Int)] = []
        for file in files {
            let day = file.lastPathComponent.dropFirst("requests.".count).prefix(10)
            if day < oldest { try? manager.removeItem(at: file) } else { left.append((file, Self.size(file))) }
        }
        var total = left.reduce(0) { $0 + $1.size }
        for (file, size) in left.dropLast() where total > settings.maximumBytes - mostPerFile {
            try? manager.removeItem(at: file)
            total -= size
        }
    }

    private static func utcDay(_ date: Date) -> String { String(ISO8601DateFormatter().string(from: date).prefix(10)) }
}
