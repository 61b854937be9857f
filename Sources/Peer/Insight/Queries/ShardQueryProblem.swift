/// Why a shard does not answer a question.
public enum ShardQueryProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// The query's name is not known here: the asker runs a newer version.
    case unknown(String)
    /// Another version of the whole exchange.
    case version(Int)
    /// Not an object with one query.
    case notOne
    /// A value is too large, or does not fit the others.
    case outOfBounds(String)

    /// In words.
    public var description: String {
        switch self {
        case .unknown(let name): "this peer does not know the query '\(name)': a newer version of the program may"
        case .version(let number): "questions of version \(number) are not understood here, those of \(ShardQuestion.version) are"
        case .notOne: "a question holds one query"
        case .outOfBounds(let why): why
        }
    }
}
