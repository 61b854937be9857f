/// What an engine got in place of what the client sent, and what the client should know of its context: for headers and traces.
///
/// The machine of the engine rewrites, so it tells the peer that the client talks to by `X-Herd-Rewrites`.
struct RewriteNotes: Equatable {
    /// One of them: `num_ctx=2048>4096`.
    struct Note: Equatable {
        var kind: Kind
        var name: String
        /// Empty for nothing.
        var from: String
        /// Empty for nothing.
        var to: String

        var text: String { "\(kind.rawValue)\(name)=\(from)>\(to)" }
    }

    enum Kind: String, CaseIterable {
        /// A value of the body was changed, put in or taken out.
        case changed = ""
        /// The client's `num_ctx` makes the engine load the model anew: asked, in memory.
        case reload = "!"
        /// The prompt is longer than the context: estimated, in force.
        case overflow = "^"
        /// A thinking model's limit: asked, sent.
        case budget = "~"
    }

    private(set) var notes: [Note] = []
    static let limit = 12

    /// Nothing.
    init() {}

    /// Reads a peer's header.
    init(_ text: String) {
        for part in text.prefix(1024).split(separator: ",").prefix(Self.limit) {
            var rest = part.drop { $0 == " " }
            let kind = rest.first.flatMap { Kind(rawValue: String($0)) } ?? .changed
            if kind != .changed { rest.removeFirst() }
            guard let equals = rest.firstIndex(of: "="), let arrow = rest[equals...].firstIndex(of: ">") else { continue }
            notes.append(
                Note(
                    kind: kind, name: String(rest[..<equals]), from: String(rest[rest.index(after: equals)..<arrow]),
                    to: String(rest[rest.index(after: arrow)...])))
        }
    }

    /// Nothing was changed and nothing is to be said.
    var isEmpty: Bool { notes.isEmpty }

    mutating func add(_ kind: Kind, _ name: String, from: String = "", to: String = "") {
        if notes.count < Self.limit { notes.append(Note(kind: kind, name: name, from: from, to: to)) }
    }

    /// All of them, for a peer and for traces.
    var text: String { notes.map(\.text).joined(separator: ", ") }

    /// The limit of a thinking model's tokens as its engine got it; nil where none was given.
    var budget: Int? { first(.budget).flatMap { Int($0.to) } }

    func first(_ kind: Kind) -> Note? { notes.first { $0.kind == kind } }

    /// What a client is told.
    var headers: [(String, String)] {
        var headers: [(String, String)] = []
        let changed = notes.filter { $0.kind == .changed }
        if !changed.isEmpty { headers.append(("X-Fleet-Rewrites", changed.map(\.text).joined(separator: ", "))) }
        if let reload = first(.reload) {
            headers.append(("X-Fleet-Context-Reload", "num_ctx=\(reload.from); context_length=\(reload.to)"))
        }
        if let overflow = first(.overflow) {
            headers.append(("X-Fleet-Context-Overflow", "estimated_tokens=\(overflow.from); context_length=\(overflow.to)"))
        }
        return headers
    }
}
