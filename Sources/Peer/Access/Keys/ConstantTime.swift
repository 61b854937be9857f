/// Compares secrets.
public enum ConstantTime {
    /// Takes the same time wherever the two differ; their lengths are no secret.
    public static func equal(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard a.count == b.count else { return false }
        var difference: UInt8 = 0
        for at in a.indices { difference |= a[at] ^ b[at] }
        return difference == 0
    }
}
