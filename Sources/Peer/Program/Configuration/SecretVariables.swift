/// Variables that may hold secrets. It describes itself by their number alone, whatever it is a part of.
struct SecretVariables: Sendable, CustomStringConvertible, CustomReflectable {
    let values: [String: String]

    var description: String { "[\(values.count) variables]" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
