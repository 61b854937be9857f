import Crypto
import FoundationEssentials

/// Bytes that are never shown: not in a description, not by reflection, not in an error.
struct SecretBytes: Sendable, Hashable, Codable {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// `count` bytes of the system's randomness.
    init(randomCount count: Int) {
        var random = SystemRandomNumberGenerator()
        bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let data = Data(base64Encoded: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not base 64")
        }
        bytes = Array(data)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Data(bytes).base64EncodedString())
    }

    var symmetricKey: SymmetricKey { SymmetricKey(data: bytes) }

    static func == (a: SecretBytes, b: SecretBytes) -> Bool { ConstantTime.equal(a.bytes, b.bytes) }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "(secret)" }
    var debugDescription: String { "(secret)" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
