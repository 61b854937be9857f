import FoundationEssentials
import Gossip

/// The hello of a first contact (mesh protocol §5.4, §6.2): each side's member record, sealed with the fleet's key, on the
/// connection whose certificates they name. Who cannot seal is a stranger; who passes on somebody else's record shows the wrong
/// certificate.
struct Hello: Codable, Hashable {
    /// Longest question or answer, bytes.
    static let byteLimit = 8 * 1_024
    static let nonceByteCount = 16

    /// The sender's own record, with its pin.
    var record: MemberRecord
    /// Drawn by who asks; comes back in the answer.
    var nonce: [UInt8]

    func sealed(_ purpose: SealedBody.Purpose, key: FleetKey, fleetTag: UInt32, context: [UInt8] = []) -> [UInt8]? {
        guard let text = try? JSONEncoder().encode(self) else { return nil }
        return SealedBody.seal(Array(text), for: purpose, key: key, fleetTag: fleetTag, context: context)
    }

    /// Reads a question or an answer that came over a connection on which the other side showed the certificate `pin`.
    static func open(
        _ bytes: [UInt8], _ purpose: SealedBody.Purpose, keys: FleetKeys, pin: [UInt8]?, context: [UInt8] = []
    ) throws(MeshLinkError) -> (hello: Hello, key: FleetKey) {
        guard bytes.count <= byteLimit else { throw .tooLong(bytes: bytes.count) }
        guard let opened = SealedBody.open(bytes, for: purpose, keys: keys, context: context),
            let hello = try? JSONDecoder().decode(Hello.self, from: Data(opened.text)), hello.record.isWithinBounds,
            hello.nonce.count == nonceByteCount
        else { throw .unreadable }
        guard let pin, let named = hello.record.pin, ConstantTime.equal(named, pin) else { throw .wrongCertificate }
        guard keys.ring?.hasRevoked(hello.record.id) != true, keys.ring?.hasRevoked(pin: pin) != true else { throw .revoked }
        return (hello, opened.key)
    }
}
