/// What came of a `ModelOrder` on one machine.
public enum ModelOrderResult: Sendable, Equatable {
    /// Done.
    case done
    /// Its Ollama does not have the model.
    case unknownModel
    /// It could not be done; says why.
    case failed(String)
}
