import Foundation

/// Words to people: results on standard output, complaints on standard error.
enum Terminal {
    /// Prints a line and flushes, so that a pipe sees it at once.
    static func say(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    /// Prints a line to standard error.
    static func complain(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }

    /// Milliseconds as people read a short time: `80 ms`, `3.2 s`, `5 min`.
    static func time(milliseconds: Double) -> String {
        switch milliseconds {
        case ..<1_000: "\(Int(milliseconds.rounded())) ms"
        case ..<60_000: "\((milliseconds / 100).rounded() / 10) s"
        default: "\(Int(milliseconds / 60_000)) min"
        }
    }
}
