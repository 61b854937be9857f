/// Who is on this machine.
public enum LocalCaller {
    /// From loopback, or from the very address that it came to: a peer may listen on one of its addresses alone.
    ///
    /// - Parameters:
    ///   - remote: the caller's IP address; nil where there is none.
    ///   - local: the IP address that it came to.
    public static func isSameMachine(remote: String?, local: String?) -> Bool {
        guard let remote = remote.map(plain), !remote.isEmpty else { return false }
        return remote == "::1" || remote.hasPrefix("127.") || remote == local.map(plain)
    }

    /// An IPv4 address on an IPv6 socket comes as `::ffff:a.b.c.d`.
    private static func plain(_ address: String) -> Substring {
        address.hasPrefix("::ffff:") && address.utf8.contains(UInt8(ascii: ".")) ? address.dropFirst(7) : address[...]
    }
}
