/// A handler whose writes leave at the end of a turn of its loop.
protocol LateFlusher: AnyObject {
    /// Sends what was written.
    func flushNow()
}
