/// Why a command got nothing from a peer, and what to do.
struct PeerProblem: Error {
    /// For people.
    let words: String
}
