import Glibc

/// Why a measurement cannot go on.
enum BenchProblem: Error, CustomStringConvertible {
    /// A call of the system failed with an errno.
    case system(String, Int32)
    /// The other side does not speak as expected, or a plan cannot be used.
    case words(String)

    var description: String {
        switch self {
        case .system(let call, let code): "\(call): \(String(cString: strerror(code)))"
        case .words(let text): text
        }
    }
}
