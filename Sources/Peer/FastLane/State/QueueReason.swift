/// Why a request waits, in a word for programs.
public enum QueueReason: String, Sendable, Hashable, Codable {
    /// Every machine that can serve it is busy.
    case busy
    /// A machine loads its model.
    case loading
    /// The machines that have its model cannot serve it at the moment.
    case unavailable
    /// Its machine has a slot for it soon.
    case slot
}
