/// What other parts of the program add to the history (mesh protocol §11.3).
public enum HistoryTap: Sendable, Hashable {
    /// A request runs on a slot of this machine: `key` names engine and model, which run `limit` at once.
    case admit(request: String, key: String, limit: Int)
    /// It runs no longer.
    case release(request: String, key: String)
    /// A request that entered at this peer has ended; `status` is the trace's word.
    case requestEnd(request: String, status: String)
}
