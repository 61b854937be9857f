import Configuration
import Foundation
import Logging

/// Reads settings: flags over environment over the file `env` of the data directory over defaults. A value that cannot be used
/// is a `ConfigurationProblem`, never silently the default.
struct SettingsReader {
    private let config: ConfigReader
    /// Environment variables, and those of the file that the environment has not. Never logged.
    let variables: SecretVariables

    /// - Parameters:
    ///   - flags: what was given on the command line, only that.
    ///   - environment: the process environment.
    ///   - file: the text of the environment file; empty where there is none.
    init(flags: [Setting: [String]], environment: [String: String], file: String) {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for (setting, given) in flags {
            let content: ConfigContent = Self.lists.contains(setting) ? .stringArray(given) : .string(given.last ?? "")
            values[AbsoluteConfigKey(setting.rawValue.split(separator: ".").map(String.init))] = ConfigValue(
                content, isSecret: false)
        }
        let given = environment.filter { !$0.value.isEmpty }
        let filed = Self.parse(file)
        config = ConfigReader(providers: [
            InMemoryProvider(name: "flags", values: values),
            EnvironmentVariablesProvider(environmentVariables: given),
            EnvironmentVariablesProvider(environmentVariables: filed),
        ])
        variables = SecretVariables(values: filed.merging(given) { _, given in given })
    }

    /// A text.
    func text(_ setting: Setting, default fallback: String) -> String {
        config.string(forKey: ConfigKey(setting.rawValue)) ?? fallback
    }

    /// A text that may be missing.
    func text(_ setting: Setting) -> String? { config.string(forKey: ConfigKey(setting.rawValue)) }

    /// A list: a repeated flag, or commas between.
    func list(_ setting: Setting) -> [String] {
        (config.stringArray(forKey: ConfigKey(setting.rawValue)) ?? [])
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    /// A whole number within `range`.
    func number(_ setting: Setting, default fallback: Int, in range: ClosedRange<Int>) throws(ConfigurationProblem) -> Int {
        guard let text = text(setting) else { return fallback }
        guard let number = Int(text.trimmingCharacters(in: .whitespaces)), range.contains(number) else {
            throw ConfigurationProblem(
                setting: setting.displayName,
                reason: "'\(text)' is no whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A number within `range`, which may have a fraction.
    func decimal(_ setting: Setting, default fallback: Double, in range: ClosedRange<Double>) throws(ConfigurationProblem)
        -> Double
    {
        guard let text = text(setting) else { return fallback }
        guard let number = Double(text.trimmingCharacters(in: .whitespaces)), range.contains(number) else {
            throw ConfigurationProblem(
                setting: setting.displayName, reason: "'\(text)' is no number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// true, false, 1, 0, yes, no, on or off.
    func truth(_ setting: Setting, default fallback: Bool) throws(ConfigurationProblem) -> Bool {
        guard let text = text(setting) else { return fallback }
        switch text.lowercased() {
        case "true", "1", "yes", "on": return true
        case "false", "0", "no", "off": return false
        default:
            throw ConfigurationProblem(setting: setting.displayName, reason: "'\(text)' is neither true nor false")
        }
    }

    /// A log level.
    func level(_ setting: Setting, default fallback: Logger.Level) throws(ConfigurationProblem) -> Logger.Level {
        guard let text = text(setting) else { return fallback }
        let names = ["warn": "warning", "fatal": "critical"]
        let name = text.lowercased()
        guard let level = Logger.Level(rawValue: names[name] ?? name) else {
            throw ConfigurationProblem(
                setting: setting.displayName,
                reason: "'\(text)' is no log level; use trace, debug, info, notice, warning, error or critical")
        }
        return level
    }

    /// `KEY=VALUE` lines; `export` before and quotes around are allowed, `#` begins a comment line.
    static func parse(_ file: String) -> [String: String] {
        var values: [String: String] = [:]
        for line in file.split(whereSeparator: \.isNewline) {
            var rest = line.trimmingCharacters(in: .whitespaces)
            if rest.hasPrefix("export ") { rest = String(rest.dropFirst(7)).trimmingCharacters(in: .whitespaces) }
            guard !rest.hasPrefix("#"), let equals = rest.firstIndex(of: "=") else { continue }
            var value = rest[rest.index(after: equals)...].trimmingCharacters(in: .whitespaces)
            for quote in ["\"", "'"] where value.count >= 2 && value.hasPrefix(quote) && value.hasSuffix(quote) {
                value = String(value.dropFirst().dropLast())
            }
            values[rest[..<equals].trimmingCharacters(in: .whitespaces)] = value
        }
        return values
    }

    private static let lists: Set<Setting> = [.backends, .routerURLs, .origins]
}
