/// One thing that the doctor looked at.
struct Finding: Encodable, Equatable {
    /// How bad it is.
    enum Level: String, Encodable {
        case ok
        case warning
        case problem
    }

    let level: Level
    /// `client port`, `mDNS`, `ollama`, …
    let part: String
    /// What was found.
    let text: String
    /// What to do; empty when nothing.
    let advice: String

    /// How a terminal shows the level.
    var mark: String {
        switch level {
        case .ok: "ok      "
        case .warning: "warning "
        case .problem: "PROBLEM "
        }
    }
}
