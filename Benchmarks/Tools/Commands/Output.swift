import FoundationEssentials
import Glibc

/// Standard input and output of the tools.
enum Output {
    /// A line at once, whoever reads.
    static func say(_ text: String) {
        let line = Array((text + "\n").utf8)
        _ = line.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }

    /// A value as one line of JSON.
    static func json(_ value: some Encodable) throws {
        say(String(decoding: try JSONEncoder().encode(value), as: UTF8.self))
    }

    /// The plan on standard input, at most 1 MiB.
    static func plan() throws -> LoadPlan {
        var bytes = Data()
        var part = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < 1 << 20, case let count = read(STDIN_FILENO, &part, part.count), count > 0 {
            bytes.append(contentsOf: part[..<count])
        }
        return try JSONDecoder().decode(LoadPlan.self, from: bytes)
    }
}
