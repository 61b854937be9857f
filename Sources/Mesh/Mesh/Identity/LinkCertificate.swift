import Crypto
import FoundationEssentials
import Gossip
import NIOSSL
import SwiftASN1
import X509

/// This peer's own certificate for the links between peers: P-256, self-signed, made once per identity (mesh protocol §5.4).
///
/// Nobody signs it and it names no host: others know it by the hash of its public key, the *pin*, which they learn from this
/// peer's sealed member record. It has no end of validity worth speaking of, because no peer looks at a clock for it.
struct LinkCertificate: Sendable {
    /// SHA-256 of the SubjectPublicKeyInfo.
    static let pinByteCount = 32
    static let byteLimit = 16 * 1_024

    let certificate: NIOSSLCertificate
    let key: NIOSSLPrivateKey
    let pin: [UInt8]

    /// Loads `link-key.pem` and `link-cert.pem` of the identity folder. What is missing, damaged, or belongs to another identity is
    /// made anew.
    static func open(folder: String, peer: PeerID) throws(FileFailure) -> LinkCertificate {
        let keyPath = folder + "/link-key.pem"
        let certificatePath = folder + "/link-cert.pem"
        if let keyText = try text(keyPath), let certificateText = try text(certificatePath),
            let found = try? load(key: keyText, certificate: certificateText, peer: peer)
        {
            return found
        }
        do {
            let made = try make(peer)
            // The certificate first: without its key it is made anew.
            try DurableFile.replace(certificatePath, with: Array(made.certificate.utf8))
            try DurableFile.replace(keyPath, with: Array(made.key.utf8))
            return try load(key: made.key, certificate: made.certificate, peer: peer)
        } catch let failure as FileFailure {
            throw failure
        } catch {
            throw FileFailure("make the certificate", certificatePath, code: 22)
        }
    }

    /// The pin of a certificate that the other side showed; nil for one that cannot be read.
    static func pin(of certificate: NIOSSLCertificate) -> [UInt8]? {
        guard let key = try? certificate.extractPublicKey().toSPKIBytes() else { return nil }
        return Array(SHA256.hash(data: key))
    }

    private static func text(_ path: String) throws(FileFailure) -> String? {
        guard let bytes = try DurableFile.read(path, limit: byteLimit), bytes.count <= byteLimit else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func load(key keyText: String, certificate text: String, peer: PeerID) throws -> LinkCertificate {
        let key = try P256.Signing.PrivateKey(pemRepresentation: keyText)
        let parsed = try Certificate(pemEncoded: text)
        guard parsed.subject == (try name(peer)), parsed.publicKey == Certificate.PublicKey(key.publicKey) else {
            throw LinkSecurityError.notOurs
        }
        let certificate = try NIOSSLCertificate(bytes: Array(text.utf8), format: .pem)
        guard let pin = pin(of: certificate) else { throw LinkSecurityError.notOurs }
        return LinkCertificate(
            certificate: certificate, key: try NIOSSLPrivateKey(bytes: Array(keyText.utf8), format: .pem), pin: pin)
    }

    private static func make(_ peer: PeerID) throws -> (key: String, certificate: String) {
        let key = P256.Signing.PrivateKey()
        let name = try name(peer)
        // RFC 5280 §4.1.2.5: this end means "no end is known". The beginning is fixed, so that no clock is read or told.
        let beginning = Date(timeIntervalSince1970: 946_684_800)
        let end = Date(timeIntervalSince1970: 253_402_300_799)
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey), notValidBefore: beginning,
            notValidAfter: end, issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions(), issuerPrivateKey: .init(key))
        return (key.pemRepresentation + "\n", try certificate.serializeAsPEM().pemString + "\n")
    }

    private static func name(_ peer: PeerID) throws -> DistinguishedName {
        try DistinguishedName { CommonName("herd-peer \(peer.hex)") }
    }
}
