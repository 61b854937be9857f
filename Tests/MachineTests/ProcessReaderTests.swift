import Testing

@testable import Machine

@Suite struct ProcessReaderTests {
    @Test func figuresOfTheProcessAndOfSwap() throws {
        let tree = try FixtureTree()
        try tree.write("/proc/self/status", "Name:\therd-peer\nVmRSS:\t    2048 kB\n")
        try tree.write("/proc/meminfo", "MemTotal: 100 kB\nSwapTotal:  4096 kB\nSwapFree:  1024 kB\n")
        let reader = ProcessReader(files: SystemFiles(root: tree.root))
        #expect(reader.residentBytes == 2 << 20)
        #expect(reader.swap.used == 3 << 20 && reader.swap.total == 4 << 20)
    }

    @Test func aMachineThatSaysNothing() throws {
        let tree = try FixtureTree()
        let reader = ProcessReader(files: SystemFiles(root: tree.root))
        #expect(reader.residentBytes == 0 && reader.swap.used == 0 && reader.swap.total == 0)
        try tree.write("/proc/meminfo", "SwapTotal: 10 kB\nSwapFree: 20 kB\n")
        #expect(reader.swap.used == 0)
    }

    @Test(arguments: [
        ("7 (herd) peer) S 1 7 7 0 -1 4 9 0 0 0 250 150 0 0 20 0 3", 4.0), ("7 (x) S 1 2", 0), ("", 0), ("7 (x", 0),
        ("7 (x) S 1 7 7 0 -1 4 9 0 0 0 a b 0 0", 0),
    ])
    func processorTimeIsCountedBehindTheName(line: String, seconds: Double) throws {
        let tree = try FixtureTree()
        try tree.write("/proc/self/stat", line)
        #expect(ProcessReader(files: SystemFiles(root: tree.root)).processorSeconds == seconds)
    }

    @Test func thisProcessHasMemory() { #expect(ProcessReader().residentBytes > 1 << 20) }

    private static let head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"

    private static func line(_ local: String, _ remote: String, _ state: String, _ inode: Int) -> String {
        "   0: \(local) \(remote) \(state) 00000000:00000000 00:00000000 00000000  1000        0 \(inode) 1 0 20 4 30 10 -1\n"
    }

    @Test func foreignConnectionsAreCounted() throws {
        let tree = try FixtureTree()
        // 11434 is 2CAA. Its listener, two pairs on this machine (one ours), one from 10.0.0.9.
        try tree.write(
            "/proc/net/tcp",
            Self.head + Self.line("0100007F:2CAA", "00000000:0000", "0A", 1)
                + Self.line("0100007F:2CAA", "0100007F:D001", "01", 2) + Self.line("0100007F:D001", "0100007F:2CAA", "01", 77)
                + Self.line("0100007F:2CAA", "0100007F:D002", "01", 3) + Self.line("0100007F:D002", "0100007F:2CAA", "01", 88)
                + Self.line("0500000A:2CAA", "0900000A:D003", "01", 4) + Self.line("0500000A:2CAA", "0900000A:D004", "01", 5)
                + Self.line("0500000A:2CAA", "0900000A:D005", "06", 6) + Self.line("0500000A:1111", "0900000A:D006", "01", 7)
                + "nonsense\n")
        try tree.write(
            "/proc/net/tcp6",
            Self.head
                + Self.line("0000000000000000FFFF00000100007F:2CAA", "0000000000000000FFFF00000100007F:D001", "01", 8)
                + Self.line("00000000000000000000000001000000:2CAA", "00000000000000000000000001000000:D009", "01", 9)
                + Self.line("000080FE00000000FF0000FE01000000:2CAA", "000080FE00000000FF0000FE02000000:D00A", "01", 10))
        let reader = ConnectionReader(files: SystemFiles(root: tree.root))
        let found = reader.clients(of: [11_434], own: ["77"])
        #expect(found.contains(.init(peer: "localhost", connections: 2)), "\(found)")
        #expect(found.contains(.init(peer: "10.0.0.9", connections: 2)))
        #expect(found.contains { $0.peer.hasPrefix("fe80:") && $0.connections == 1 })
        #expect(found.count == 3)
        #expect(reader.clients(of: [], own: []).isEmpty && reader.clients(of: [80], own: []).isEmpty)
    }
}
