import Crypto
import Gossip

/// How the body of a datagram is sealed. The raw value travels as the envelope's kind, so peers with different processors
/// understand each other: every peer opens both.
enum DatagramCipher: UInt8, CaseIterable {
    /// AES-256-GCM (RFC 5116 §5.2).
    case aes = 1
    /// ChaCha20-Poly1305 (RFC 8439): several times faster where the processor has no instructions for AES, and in constant time.
    case chacha = 2

    /// What this machine seals with.
    static let preferred: DatagramCipher = ProcessorFeatures.hasAES ? .aes : .chacha

    /// The nonce is the envelope's last twelve bytes: generation and sequence. Per key they never repeat (decision 38).
    private static let nonceStart = 16

    /// Appends the sealed body and its tag to `envelope`, which is authenticated with it.
    func seal(_ body: ArraySlice<UInt8>, behind envelope: inout [UInt8], using key: SymmetricKey) {
        let nonce = envelope[Self.nonceStart..<Envelope.byteCount]
        switch self {
        case .aes:
            guard let nonce = try? AES.GCM.Nonce(data: nonce),
                let box = try? AES.GCM.seal(body, using: key, nonce: nonce, authenticating: envelope)
            else { return }
            envelope += box.ciphertext
            envelope += box.tag
        case .chacha:
            guard let nonce = try? ChaChaPoly.Nonce(data: nonce),
                let box = try? ChaChaPoly.seal(body, using: key, nonce: nonce, authenticating: envelope)
            else { return }
            envelope += box.ciphertext
            envelope += box.tag
        }
    }

    /// Replaces the sealed body in `bytes` (envelope, body, tag) by the clear one; false, and nothing changed, when it is forged.
    func open(_ bytes: inout [UInt8], using key: SymmetricKey) -> Bool {
        let envelope = bytes[..<Envelope.byteCount]
        let sealed = bytes[Self.nonceStart...]
        let clear =
            switch self {
            case .aes:
                (try? AES.GCM.SealedBox(combined: sealed)).flatMap { try? AES.GCM.open($0, using: key, authenticating: envelope) }
            case .chacha:
                (try? ChaChaPoly.SealedBox(combined: sealed)).flatMap {
                    try? ChaChaPoly.open($0, using: key, authenticating: envelope)
                }
            }
        guard let clear else { return false }
        bytes.replaceSubrange(Envelope.byteCount..<Envelope.byteCount + clear.count, with: clear)
        return true
    }
}
