import Foundation

/// Numbers from the process's environment.
enum Environment {
    /// The number in a variable; nil without one.
    static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }
}
