/// A model that one node keeps in memory: a setting of the fleet.
public struct Pin: Hashable, Sendable, Codable {
    /// The node's name.
    public var node: String
    /// The model by its canonical name.
    public var model: String

    /// Settings whose keys begin so are pins.
    public static let settingPrefix = "pin/"
    /// More pins are refused.
    public static let most = 128
    /// The longest name of a model that can be pinned, bytes.
    public static let longestModel = 200

    /// A pin.
    public init(node: String, model: String) {
        self.node = node
        self.model = model
    }

    /// The setting's key: the same pin has one, whoever writes it. It is a fingerprint, because keys are short
    /// and visible ASCII and names need not be; names are in the value.
    public var settingKey: String {
        var low: UInt64 = 0xcbf2_9ce4_8422_2325
        var high: UInt64 = 0x9e37_79b9_7f4a_7c15
        // FNV-1a twice with different beginnings; 0xFF stands in no UTF-8 text.
        for byte in Array(node.utf8) + [0xFF] + Array(model.utf8) {
            low = (low ^ UInt64(byte)) &* 0x100_0000_01b3
            high = (high ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return Self.settingPrefix + Self.hex(high) + Self.hex(low)
    }

    private static func hex(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }

    /// By node: the models in order.
    public static func perNode(_ pins: [Pin]) -> [String: [String]] {
        Dictionary(grouping: pins, by: \.node).mapValues { Set($0.map(\.model)).sorted() }
    }
}
