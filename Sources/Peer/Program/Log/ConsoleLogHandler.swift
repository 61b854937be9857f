import Foundation
import Logging

/// Log lines for people: time, level, message, facts. Written to standard error.
struct ConsoleLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(level: Logger.Level) {
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let level = event.level
        let word = level == .notice ? "note" : level == .warning ? "warning" : level.rawValue
        let facts = metadata.merging(event.metadata ?? [:]) { _, new in new }
            .sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        Terminal.complain("\(WallTime.clock()) \(word): \(event.message)\(facts)")
    }
}
