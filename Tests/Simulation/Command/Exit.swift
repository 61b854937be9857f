#if canImport(Glibc)
import Glibc
#else
import Foundation
#endif

/// Ends the program with a status.
func exitWith(_ status: Int32) -> Never { exit(status) }

/// Writes a line to the standard error.
func complain(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
}
