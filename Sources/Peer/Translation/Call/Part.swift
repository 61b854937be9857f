/// A piece of a message.
enum Part: Sendable, Hashable {
    case text(String)
    case image(Image)
    /// A part that only OpenAI's dialect has, in its form: `input_audio`, `file`.
    case foreign(JSON)
}
