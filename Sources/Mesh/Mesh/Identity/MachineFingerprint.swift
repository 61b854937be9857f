import Crypto

/// The hash of the machine id: how a cloned disk image is told from a restart (mesh protocol §3.1).
enum MachineFingerprint {
    /// The fingerprint of this machine; nil where it has no machine id, as in many containers.
    static func ofThisMachine() -> String? {
        for path in ["/etc/machine-id", "/var/lib/dbus/machine-id"] {
            guard let bytes = (try? DurableFile.read(path, limit: 256)) ?? nil else { continue }
            let text = String(decoding: bytes.filter { $0 > 0x20 && $0 < 0x7F }, as: UTF8.self)
            // "uninitialized" is what systemd writes into images before their first boot.
            if !text.isEmpty, text != "uninitialized" { return make(machineID: text) }
        }
        return nil
    }

    /// The machine id itself is confidential (machine-id(5)), so only a keyed hash of it is stored.
    static func make(machineID: String) -> String {
        let key = SymmetricKey(data: Array("herd-peer machine fingerprint".utf8))
        return HexText.encode(HMAC<SHA256>.authenticationCode(for: Array(machineID.utf8), using: key))
    }
}
