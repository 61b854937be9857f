/// Takes trace rows off the event loops.
public protocol TraceSink: Sendable {
    /// Takes one row. Called on an event loop: it must not block; when its queue is full it drops the row and counts it.
    func record(_ trace: consuming RequestTrace)
}
