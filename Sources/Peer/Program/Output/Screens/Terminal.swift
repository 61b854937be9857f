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

extension Terminal {
    /// A text without what would steer a terminal: line ends become blanks, other control characters `?`.
    static func plain(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            clean.append(isControl(scalar) ? (["\n", "\r", "\t"].contains(scalar) ? " " : "?") : scalar)
        }
        return String(clean)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.properties.isBidiControl
    }

    /// Writes without a line end.
    static func draw(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    /// Bytes as people read a size, in thousands: `800 kB`, `4.7 GB`.
    static func size(bytes: Double) -> String {
        switch bytes {
        case ..<1_000: "\(Int(bytes.rounded())) B"
        case ..<999_500: "\(Int((bytes / 1_000).rounded())) kB"
        case ..<999_500_000: "\(Int((bytes / 1_000_000).rounded())) MB"
        default: "\((bytes / 100_000_000).rounded() / 10) GB"
        }
    }
}
