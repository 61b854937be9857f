/// Puts tool calls together from their pieces, for dialects that have whole ones only.
struct CallAssembler: Sendable, Hashable {
    /// A call whose arguments are a JSON object.
    struct Whole: Sendable, Hashable {
        var id: String?
        var name: String
        var arguments: JSON
    }

    private struct Open: Sendable, Hashable {
        var index: Int
        var id: String?
        var name: String?
        var arguments: String
    }

    private var calls: [Open] = []
    private let limits: TranslationLimits

    init(limits: TranslationLimits) { self.limits = limits }

    var isEmpty: Bool { calls.isEmpty }

    /// Adds a piece to its call.
    mutating func add(_ piece: CallPiece) throws(TranslationError) {
        if let at = calls.lastIndex(where: { $0.index == piece.index }) {
            calls[at].id = calls[at].id ?? piece.id
            calls[at].name = calls[at].name ?? piece.name
            let count = calls[at].arguments.utf8.count + piece.arguments.utf8.count
            guard count <= limits.maximumArgumentBytes else { throw tooLong }
            calls[at].arguments += piece.arguments
            return
        }
        guard calls.count < limits.maximumCalls else {
            throw .tooLarge("the engine's answer has more than \(limits.maximumCalls) tool calls")
        }
        guard piece.arguments.utf8.count <= limits.maximumArgumentBytes else { throw tooLong }
        calls.append(Open(index: piece.index, id: piece.id, name: piece.name, arguments: piece.arguments))
    }

    private var tooLong: TranslationError {
        .tooLarge("the arguments of a tool call are longer than \(limits.maximumArgumentBytes) bytes")
    }

    /// The whole calls in their order. One that an answer's length cut off is left out: the reason says that something is
    /// missing.
    func whole(reason: FinishReason?) throws(TranslationError) -> [Whole] {
        var whole: [Whole] = []
        for (position, call) in calls.enumerated() {
            guard let name = call.name, !name.isEmpty else { throw .badAnswer("the engine sent a tool call without a name") }
            guard let arguments = ToolCall.object(call.arguments, limits: limits) else {
                if reason == .length, position == calls.count - 1 { break }
                throw .badAnswer("the arguments of the engine's call of `\(name.prefix(60))` are not a JSON object")
            }
            whole.append(Whole(id: call.id, name: name, arguments: arguments))
        }
        return whole
    }
}
