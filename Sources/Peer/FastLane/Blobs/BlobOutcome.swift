public import NIOCore

/// What came of an order for a blob.
public enum BlobOutcome: Sendable {
    /// An Ollama answered; `length` is what its head said of the body, which a question's answer does not have.
    case answered(node: String, status: Int, contentType: String?, length: String?, body: ByteBuffer)
    /// No machine with a running Ollama is there.
    case noMachine
    /// No machine has the name that was given.
    case unknownNode(known: [String])
    /// Too many files are under way.
    case busy
    /// A machine was asked and did not answer; says why.
    case failed(String)
}
