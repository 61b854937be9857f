/// Why a demonstration cannot go on.
struct DemoProblem: Error {
    /// In words.
    let reason: String
}
