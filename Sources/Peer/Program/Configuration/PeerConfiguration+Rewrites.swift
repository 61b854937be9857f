import Foundation
import Gossip
import Routing

extension PeerConfiguration {
    /// The settings of what may be changed in requests.
    static func rewrites(_ read: SettingsReader) throws(ConfigurationProblem) -> RewriteRules {
        var rules = RewriteRules()
        if let word = read.text(.contextProtection) {
            guard let mode = ContextMode(rawValue: word.lowercased()) else {
                throw ConfigurationProblem(
                    setting: Setting.contextProtection.displayName, reason: "'\(word)' is none of strip, warn and passthrough")
            }
            rules.context = mode
        }
        rules.contexts = try contexts(read)
        rules.thinking.overhead = try read.decimal(.thinkingOverhead, default: rules.thinking.overhead, in: 0...100)
        rules.thinking.minimum = try read.number(.thinkingMinimum, default: rules.thinking.minimum, in: 0...1_000_000)
        rules.keepAlive = try keepAlive(read)
        return rules
    }

    /// How long a request is held for a machine with the model in memory.
    var hold: HoldRule { HoldRule(most: holdWait) }

    /// true and false are ollama-herd's; the default lies between.
    static func substitution(_ read: SettingsReader) throws(ConfigurationProblem) -> Substitution {
        guard let word = read.text(.vramFallback) else { return .unservable }
        switch word.lowercased() {
        case "unservable": return .unservable
        case "true", "1", "yes", "on": return .always
        case "false", "0", "no", "off": return .never
        default:
            throw ConfigurationProblem(
                setting: Setting.vramFallback.displayName, reason: "'\(word)' is none of true, false and unservable")
        }
    }

    /// `{"qwen3:8b":16384}`
    private static func contexts(_ read: SettingsReader) throws(ConfigurationProblem) -> [RewriteRules.ContextOverride] {
        guard let text = read.text(.contextOverrides), !text.isEmpty else { return [] }
        guard let map = try? JSONDecoder().decode([String: Int].self, from: Data(text.utf8)),
            map.values.allSatisfy({ (1...10_000_000).contains($0) })
        else {
            throw ConfigurationProblem(
                setting: Setting.contextOverrides.displayName,
                reason: "it must be a JSON object of models and tokens, such as {\"qwen3:8b\":16384}")
        }
        return map.map { RewriteRules.ContextOverride(model: ModelKey.canonical($0.key), tokens: $0.value) }
            .sorted { $0.model < $1.model }
    }

    /// Seconds, or a duration in Go's words, which is how Ollama reads it; as JSON.
    private static func keepAlive(_ read: SettingsReader) throws(ConfigurationProblem) -> String? {
        guard let text = read.text(.keepAlive)?.trimmingCharacters(in: .whitespaces), !text.isEmpty else { return nil }
        if let seconds = Int(text) { return "\(seconds)" }
        guard isDuration(text) else {
            throw ConfigurationProblem(
                setting: Setting.keepAlive.displayName,
                reason: "'\(text)' is no time: write whole seconds, a duration such as 10m or 1.5h, or -1 for ever")
        }
        return "\"\(text)\""
    }

    /// `1h30m`, `-1s`: numbers, each with its unit.
    static func isDuration(_ text: String) -> Bool {
        var rest = Substring(text)
        if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
        guard !rest.isEmpty else { return false }
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            guard number.contains(where: \.isNumber), number.count(where: { $0 == "." }) <= 1 else { return false }
            rest = rest[number.endIndex...]
            guard let unit = ["ns", "us", "µs", "ms", "s", "m", "h"].first(where: { rest.hasPrefix($0) }) else { return false }
            rest = rest.dropFirst(unit.count)
        }
        return true
    }
}
