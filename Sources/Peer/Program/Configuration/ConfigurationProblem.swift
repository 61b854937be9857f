/// Why the configuration cannot be used: names the setting, what it was, and what it may be.
struct ConfigurationProblem: Error, CustomStringConvertible {
    /// The flag and the environment variable.
    let setting: String
    /// What is wrong, and what to write instead.
    let reason: String

    var description: String { "\(setting): \(reason)" }
}
