#if canImport(Glibc)
import Glibc
#else
import Foundation
#endif

/// Ends the program with a status.
func exitWith(_ status: Int32) -> Never { exit(status) }

/// Prints a line where it does not mix with the results.
func complain(_ text: String) {
    let line = text + "\n"
    _ = line.withCString { write(2, $0, strlen($0)) }
}

/// The value of an environment variable.
func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// A text file that is written from the start.
final class TextFile {
    private let file: UnsafeMutablePointer<FILE>

    /// Opens it; nil when it cannot be written.
    init?(path: String) {
        guard let file = fopen(path, "w") else { return nil }
        self.file = file
    }

    deinit { fclose(file) }

    func write(_ text: String) { fputs(text, file) }
}

/// The text of a file; nil when it cannot be read.
func read(path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while bytes.count < 16_000_000 {
        let count = fread(&buffer, 1, buffer.count, file)
        guard count > 0 else { break }
        bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
}
