/// How often engines are asked, and how long they may take.
public struct BackendsPace: Sendable {
    /// Between light probes of an engine that answers.
    public var light: Duration = .milliseconds(1500)
    /// Between full probes, which read all lists.
    public var full: Duration = .seconds(10)
    /// After the first failure of an engine that answered before.
    public var again: Duration = .milliseconds(300)
    /// Between probes of an engine that does not answer.
    public var away: Duration = .seconds(2)
    /// How long one question may take. With `light` and `again` it bounds how late an engine that hangs unused is noticed: 4.8 s.
    public var timeout: Duration = .milliseconds(1500)
    /// The same when a request to the engine has failed already: its loss is to be known within two seconds.
    public var troubleTimeout: Duration = .milliseconds(1500)
    /// The least time between two probes, whoever asks for them.
    public var least: Duration = .milliseconds(200)

    /// The usual pace.
    public init() {}

    /// The pace for engines behind `https`, which may be far away and others' own: they count requests, and their models change
    /// rarely. A request of a client that fails still has them asked at once.
    var ofOutside: BackendsPace {
        var slower = self
        slower.light = light * 20
        slower.full = full * 6
        slower.again = again * 4
        slower.away = away * 5
        slower.timeout = timeout * 5
        slower.troubleTimeout = troubleTimeout * 3
        return slower
    }
}
