import Crypto
import Foundation
import NIOSSL
import SwiftASN1
import X509

/// A self-signed certificate of an engine, with the file by which a peer trusts it. Made anew for each test.
struct EngineCertificate {
    let server: NIOSSLContext
    /// PEM.
    let file: String

    /// A certificate that names `localhost`, and 127.0.0.1 if `namesAddress`.
    init(namesAddress: Bool = true) throws {
        let key = P256.Signing.PrivateKey()
        let name = try DistinguishedName { CommonName("engine") }
        var names: [GeneralName] = [.dnsName("localhost")]
        if namesAddress { names.append(.ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1]))) }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey),
            notValidBefore: Date() - 60, notValidAfter: Date() + 3_600, issuer: name, subject: name,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                SubjectAlternativeNames(names)
            }, issuerPrivateKey: .init(key))
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        let own = try NIOSSLCertificate(bytes: serializer.serializedBytes, format: .der)
        server = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(own)],
                privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.derRepresentation), format: .der))))
        file = NSTemporaryDirectory() + "herd-engine-\(UUID().uuidString).pem"
        try certificate.serializeAsPEM().pemString.write(toFile: file, atomically: true, encoding: .utf8)
    }
}
