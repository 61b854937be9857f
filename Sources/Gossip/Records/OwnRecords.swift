/// The records that this peer writes itself.
struct OwnRecords: Sendable {
    /// The latest report, published or not.
    var latest: HotReport?
    /// What others were told.
    var published: PeerRecords
    /// When the last hot record was published.
    var publishedAt: Instant?
    /// When the next one is due; nil while nothing has to be said.
    var dueAt: Instant?
    /// The rumour of the hot record that is under way; 0 for none.
    var hotRumour: UInt32 = 0
    /// The rumour of the member record that is under way; 0 for none.
    var memberRumour: UInt32 = 0

    /// A shortest spacing of hot records when a cold one changed.
    static let urgentSpacing = Duration.milliseconds(100)

    /// U(N) = max(500 ms, 20 ms·N).
    static func spacing(peers: Int) -> Duration { max(.milliseconds(500), .milliseconds(20 * peers)) }
}
