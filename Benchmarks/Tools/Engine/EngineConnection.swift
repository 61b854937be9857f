/// One connection to the stand-in.
final class EngineConnection {
    /// Chunks still to be sent.
    struct Stream {
        var left: Int
        var interval: Int64
    }

    let descriptor: Int32
    /// What came of requests that are not whole or not begun.
    var input: [UInt8] = []
    /// What the socket had no room for.
    var output: [UInt8] = []
    /// A request is being answered, or waits for a slot.
    var isBusy = false
    /// It holds one of the engine's slots.
    var hasSlot = false
    var plan = AnswerPlan()
    var stream: Stream?
    var keepsAlive = true
    /// Appointments made for earlier answers are void.
    var serial = 0

    init(descriptor: Int32) { self.descriptor = descriptor }
}
