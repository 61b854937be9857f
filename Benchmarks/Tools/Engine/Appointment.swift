/// When something is due on a connection of the stand-in: the beginning of an answer, or its next chunk.
struct Appointment: Comparable {
    /// By `Clock`.
    var at: Int64
    var descriptor: Int32
    /// The connection's serial when it was made.
    var serial: Int

    static func < (one: Appointment, other: Appointment) -> Bool { one.at < other.at }
}
