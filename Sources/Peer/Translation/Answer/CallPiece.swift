/// A piece of a tool call.
struct CallPiece: Sendable, Hashable {
    /// Which call of the answer, from 0.
    var index: Int
    /// Its id, in its first piece, if the engine gave one.
    var id: String?
    /// The tool, in its first piece.
    var name: String?
    /// More of the arguments' JSON text.
    var arguments: String
}
