/// Why bytes are not JSON.
struct JSONError: Error, Equatable {
    /// What is wrong.
    var message: String
    /// Where, in bytes from the start.
    var offset: Int
}
