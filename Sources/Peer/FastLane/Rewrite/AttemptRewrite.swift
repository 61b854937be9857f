/// What an attempt's engine gets in place of what the client sent, and what is said of it. A reference, and nil for most attempts:
/// copies of an attempt cost nothing more for it.
final class AttemptRewrite {
    /// What this machine's engine gets.
    var edits = BodyEdits()
    /// What is said of that; of another machine's engine as soon as its answer begins.
    var notes = RewriteNotes()
    /// The engine loads the model with so many tokens of context for this, and what it keeps it in memory by.
    var loadsContext: (tokens: Int, runner: String)?
    /// Headers that say how a thinking model used its limit.
    var budget: [(String, String)] = []
}
