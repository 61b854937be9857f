/// What holding streams showed. Megabytes are 10⁶ bytes of resident memory of the relay's processes.
struct HoldFigures: Codable {
    var asked: Int
    /// Streams whose first chunk came.
    var opened = 0
    var chunks = 0
    var openingSeconds = 0.0
    /// Before the first stream.
    var idleMegabytes: Double
    /// The most while all were open.
    var openMegabytes = 0.0
    /// After all were closed.
    var afterMegabytes = 0.0
    var failures = 0
    var firstFailure: String?

    init(asked: Int, idleMegabytes: Double) {
        self.asked = asked
        self.idleMegabytes = idleMegabytes
    }
}
