#if canImport(Glibc)
import Glibc
#else
import Foundation
#endif

/// Ends the program with a status.
func exitWith(_ status: Int32) -> Never { exit(status) }
