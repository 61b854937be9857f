/// A line of a schedule's text form that makes no sense.
public struct ScheduleError: Error, Hashable, CustomStringConvertible {
    /// Which line, from 1; 0 when the whole is not a schedule.
    public var line: Int
    /// What stands there.
    public var text: String

    /// In words.
    public var description: String { "line \(line) of the schedule cannot be used: \(text)" }
}
