import Synchronization

/// A port that is known once it is open.
final class OpenPort: Sendable {
    private let number = Mutex<Int?>(nil)

    /// Nil before it is open.
    var value: Int? {
        get { number.withLock(\.self) }
        set { number.withLock { $0 = newValue } }
    }
}
