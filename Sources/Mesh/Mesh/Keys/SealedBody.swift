import Crypto
import FoundationEssentials

/// A body that only members can read or make, for what travels on a link whose other end is not known yet (hello) or is worth a
/// second lock (keys).
///
/// ```
///  0 u8 magic 0x53 | 1 u8 format | 2 u8 cipher | 3 u8 purpose | 4 u16 key id | 6 u32 fleet tag | 10 salt, 16 bytes
/// 26 sealed text | tag, 16 bytes
/// ```
/// Each body has a key of its own, derived from the fleet key and the salt, so the nonce is always zero. The head and the `context`
/// are authenticated: an answer carries its question's nonce there, and so answers nothing else.
enum SealedBody {
    /// What a body is for; one made for another purpose does not open.
    enum Purpose: UInt8 {
        case hello = 1
        case helloAnswer = 2
        case keys = 3
        case keysAnswer = 4
    }

    private static let magic: UInt8 = 0x53
    private static let format: UInt8 = 1
    private static let saltByteCount = 16
    private static let headByteCount = 26
    private static let tagByteCount = 16

    /// `text` sealed under `key`; nil only when the cipher fails, which it does not.
    static func seal(
        _ text: [UInt8], for purpose: Purpose, key: FleetKey, fleetTag: UInt32, context: [UInt8] = [],
        cipher: DatagramCipher = .preferred
    ) -> [UInt8]? {
        let salt = SecretBytes(randomCount: saltByteCount).bytes
        var head = [magic, format, cipher.rawValue, purpose.rawValue, UInt8(key.id >> 8), UInt8(truncatingIfNeeded: key.id)]
        for shift in [24, 16, 8, 0] as [UInt32] { head.append(UInt8(truncatingIfNeeded: fleetTag >> shift)) }
        head += salt
        let bodyKey = key.bodyKey(salt: salt)
        let zero = [UInt8](repeating: 0, count: 12)
        switch cipher {
        case .aes:
            guard let nonce = try? AES.GCM.Nonce(data: zero),
                let box = try? AES.GCM.seal(text, using: bodyKey, nonce: nonce, authenticating: head + context)
            else { return nil }
            return head + box.ciphertext + box.tag
        case .chacha:
            guard let nonce = try? ChaChaPoly.Nonce(data: zero),
                let box = try? ChaChaPoly.seal(text, using: bodyKey, nonce: nonce, authenticating: head + context)
            else { return nil }
            return head + box.ciphertext + box.tag
        }
    }

    /// The text of a body and the key that sealed it; nil for anything that is not a body of this fleet, purpose and context.
    static func open(
        _ bytes: [UInt8], for purpose: Purpose, keys: FleetKeys, context: [UInt8] = []
    ) -> (text: [UInt8], key: FleetKey)? {
        guard bytes.count >= headByteCount + tagByteCount, bytes[0] == magic, bytes[1] == format, bytes[3] == purpose.rawValue,
            let cipher = DatagramCipher(rawValue: bytes[2]), let key = keys.key(UInt16(bytes[4]) << 8 | UInt16(bytes[5])),
            bytes[6..<10].reduce(UInt32(0), { $0 << 8 | UInt32($1) }) == keys.tag
        else { return nil }
        let bodyKey = key.bodyKey(salt: Array(bytes[10..<headByteCount]))
        let sealed = [UInt8](repeating: 0, count: 12) + bytes[headByteCount...]
        let known = Array(bytes[..<headByteCount]) + context
        let text =
            switch cipher {
            case .aes:
                (try? AES.GCM.SealedBox(combined: sealed)).flatMap {
                    try? AES.GCM.open($0, using: bodyKey, authenticating: known)
                }
            case .chacha:
                (try? ChaChaPoly.SealedBox(combined: sealed)).flatMap {
                    try? ChaChaPoly.open($0, using: bodyKey, authenticating: known)
                }
            }
        return text.map { (Array($0), key) }
    }
}
