/// A key that an engine wants to see. It is shown to that engine and to nobody else: every description of it is a placeholder.
public struct BackendKey: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    /// A key of 1…4096 visible ASCII characters; blanks and line ends around it are cut off. Nil for anything else.
    public init?(_ text: String) {
        var rest = text[...]
        while let c = rest.first, c.isWhitespace { rest.removeFirst() }
        while let c = rest.last, c.isWhitespace { rest.removeLast() }
        guard (1...4096).contains(rest.utf8.count), rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        self.text = String(rest)
    }

    /// The header's value that shows it: after `Bearer` in `Authorization`, alone in any other header.
    func value(in header: String) -> String { header.lowercased() == "authorization" ? "Bearer " + text : text }

    /// A placeholder.
    public var description: String { "[key]" }
    /// A placeholder.
    public var debugDescription: String { description }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
