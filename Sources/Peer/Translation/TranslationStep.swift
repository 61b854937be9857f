/// What becomes of a client's request.
public enum TranslationStep: Sendable, Hashable {
    /// It goes to the engine.
    case ask(TranslatedRequest)
    /// It is answered here: a model is loaded or unloaded where the engine does neither, tokens are counted, or nothing is asked.
    case answer(TranslatedAnswer)
}
