/// Something that must not have happened, and the lines that show it.
public struct Finding: Sendable, Hashable, CustomStringConvertible {
    /// What was broken.
    public enum Rule: String, Sendable, CaseIterable {
        /// A target obeyed two routers, or one that it had not granted (I1).
        case exclusiveTarget = "one router per target"
        /// After a restart a target granted before what it had granted in its last life was over (I1).
        case quarantine = "quarantine after a restart"
        /// Two routers believed at once that they hold the same target (I2).
        case exclusiveBelief = "one holder per target"
        /// An accepted epoch went back, also over a restart (I3).
        case epoch = "epochs never go back"
        /// A command was obeyed without the grant that it names (I3).
        case command = "commands only under the grant"
        /// A request has no end, two, or another than its client saw.
        case request = "one end per request"
        /// More requests ran than slots are, or a slot was given back that was not taken.
        case slots = "slots"
        /// One version of a setting with two values, or a version that went back.
        case setting = "settings"
    }

    /// Which rule.
    public var rule: Rule
    /// The line that breaks it.
    public var place: String
    /// What happened.
    public var text: String

    /// In words.
    public var description: String { "\(place): \(rule.rawValue): \(text)" }
}
