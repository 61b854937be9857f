/// Where the values stand in a body that a rewrite may touch: offsets from its first byte. Of a key that occurs twice the last one
/// counts, as in the engines.
struct BodyPlaces: Equatable {
    /// Behind the body's opening brace.
    var open = 0
    /// `options`.
    var options = Options.absent
    /// `options.num_ctx`.
    var context: Number?
    /// `options.num_predict`.
    var predict: Number?
    /// `max_tokens`.
    var maxTokens: Number?
    /// `keep_alive`.
    var keepAlive = KeepAlive.absent
    /// Whether the client wants thoughts; nil when it did not say.
    var thinks: Bool?
    /// `suffix` is a text: what is asked for stands between two texts.
    var fillsIn = false
    /// Members that are meant for the fleet, each with one of its commas.
    var own = MemberCuts()
    /// The list of tags within a `metadata` that has more in it, on routes whose engines know that field.
    var ownTags = MemberCuts()

    /// A number's place and value.
    struct Number: Equatable {
        var range: Range<Int>
        /// Nil where it is no whole number.
        var value: Int?
    }

    enum Options: Equatable {
        case absent
        /// Behind its opening brace, and whether anything follows.
        case object(open: Int, isEmpty: Bool)
        case null(Range<Int>)
        /// What no engine takes.
        case other
    }

    enum KeepAlive: Equatable {
        case absent
        case null(Range<Int>)
        case given
    }
}
