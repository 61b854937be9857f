/// By what requests are counted. Counts by tag name each request once per tag.
public struct CountGrouping: OptionSet, Sendable, Hashable, Codable {
    /// The facts as bits.
    public let rawValue: UInt8

    /// Facts from their bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// By the hour (UTC) of their arrival.
    public static let hour = CountGrouping(rawValue: 1)
    /// By the day (UTC) of their arrival.
    public static let day = CountGrouping(rawValue: 2)
    /// By the node that served.
    public static let node = CountGrouping(rawValue: 4)
    /// By the model that served.
    public static let model = CountGrouping(rawValue: 8)
    /// By each of their tags; not together with node or model, which are not counted by tag.
    public static let tag = CountGrouping(rawValue: 16)

    /// Whether requests can be counted by these facts together.
    public var isPossible: Bool {
        rawValue < 32 && !(contains(.hour) && contains(.day)) && !(contains(.tag) && (contains(.node) || contains(.model)))
    }
}
