import Glibc

/// Finds programs that are connected to a port of this machine, this one left out: `/proc/net/tcp` and `/proc/net/tcp6`.
public struct ConnectionReader: Sendable {
    /// Connections from one place.
    public struct Client: Hashable, Sendable {
        /// An address; `localhost` for this machine.
        public var peer: String
        /// How many.
        public var connections: Int

        /// Connections from one place.
        public init(peer: String, connections: Int) {
            self.peer = peer
            self.connections = connections
        }
    }

    private struct Line {
        var local: Substring
        var remote: Substring
        var inode: Substring
    }

    private let files: SystemFiles
    /// More is not read of a table.
    static let limit = 4 << 20

    /// A reader of `files`.
    public init(files: SystemFiles = SystemFiles()) { self.files = files }

    /// Who is connected to one of `ports`, in the order of their names; at most 50.
    ///
    /// - Parameter own: inodes of this program's sockets; nil reads them.
    public func clients(of ports: Set<Int>, own: Set<String>? = nil) -> [Client] {
        guard !ports.isEmpty else { return [] }
        // Before and after: a connection that is opened or closed meanwhile is this program's own all the same.
        var mine = own ?? Self.ownSockets()
        let tables = ["/proc/net/tcp", "/proc/net/tcp6"].compactMap { files.text($0, limit: Self.limit) }
        let lines = tables.flatMap(Self.established)
        if own == nil { mine.formUnion(Self.ownSockets()) }
        let ours = Set(lines.filter { mine.contains(String($0.inode)) }.map { Self.plain($0.local) })
        var counts: [String: Int] = [:]
        for line in lines {
            guard let port = Self.port(line.local), ports.contains(port), !ours.contains(Self.plain(line.remote)),
                let address = Self.address(line.remote)
            else { continue }
            counts[address, default: 0] += 1
        }
        return counts.sorted { $0.key < $1.key }.prefix(50).map { Client(peer: $0.key, connections: $0.value) }
    }

    private static func established(_ table: String) -> [Line] {
        table.split(separator: "\n").dropFirst().compactMap { text in
            let fields = text.split(separator: " ")
            guard fields.count > 9, fields[3] == "01" else { return nil }
            return Line(local: fields[1], remote: fields[2], inode: fields[9])
        }
    }

    private static func port(_ text: Substring) -> Int? {
        text.split(separator: ":").last.flatMap { Int($0, radix: 16) }
    }

    /// `address:port`, the same for an IPv4 address and the IPv6 one that stands for it.
    private static func plain(_ text: Substring) -> String {
        text.hasPrefix(mapped) && text.utf8.count > 32 ? String(text.dropFirst(mapped.count)) : String(text)
    }

    private static let mapped = "0000000000000000FFFF0000"

    /// The kernel writes addresses in words of the processor's byte order.
    private static func address(_ text: Substring) -> String? {
        let digits = plain(text).prefix { $0 != ":" }
        if digits.count == 8 {
            guard let word = UInt32(digits, radix: 16) else { return nil }
            let bytes = (0..<4).map { word >> (8 * UInt32($0)) & 0xFF }
            return bytes[0] == 127 ? "localhost" : bytes.map(String.init).joined(separator: ".")
        }
        guard digits.count == 32 else { return nil }
        var groups: [String] = []
        var rest = digits[...]
        while !rest.isEmpty {
            guard let word = UInt32(rest.prefix(8), radix: 16)?.byteSwapped else { return nil }
            groups += [String(word >> 16, radix: 16), String(word & 0xFFFF, radix: 16)]
            rest = rest.dropFirst(8)
        }
        return groups == Array(repeating: "0", count: 7) + ["1"] ? "localhost" : groups.joined(separator: ":")
    }

    /// Inodes of this program's sockets.
    private static func ownSockets() -> Set<String> {
        var found: Set<String> = []
        guard let folder = opendir("/proc/self/fd") else { return found }
        defer { closedir(folder) }
        var target = [CChar](repeating: 0, count: 64)
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            let length = readlink("/proc/self/fd/" + name, &target, target.count - 1)
            guard length > 0 else { continue }
            let text = String(decoding: target[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if text.hasPrefix("socket:["), text.hasSuffix("]") { found.insert(String(text.dropFirst(8).dropLast())) }
        }
        return found
    }
}
