import Testing

/// Arrows point down only: what each room may import of the others, and what the rules may not know.
@Suite struct ImportTests {
    /// Every room with the rooms below it that it may know.
    static let rooms: [(folder: String, module: String, knows: Set<String>)] = [
        ("Sources/Gossip", "Gossip", []),
        ("Sources/Routing", "Routing", ["Gossip"]),
        ("Sources/Health", "Health", []),
        ("Sources/Mesh/Discovery", "Discovery", ["CAvahi"]),
        ("Sources/Mesh/Mesh", "Mesh", ["Gossip", "Discovery"]),
        ("Sources/Peer/Machine", "Machine", ["Gossip", "CDBus"]),
        ("Sources/Peer/Outbound", "Outbound", ["CCurl"]),
        ("Sources/Peer/Backends", "Backends", ["Gossip", "Outbound"]),
        ("Sources/Peer/Access", "Access", []),
        ("Sources/Peer/FastLane", "FastLane", ["Gossip", "Routing", "Access", "Translation"]),
        ("Sources/Peer/Translation", "Translation", []),
        ("Sources/Peer/Store", "Store", []),
        ("Sources/Peer/Insight", "Insight", ["Store"]),
        ("Sources/Peer/DemoEngine", "DemoEngine", []),
        ("Sources/Peer/Dashboard", "Dashboard", []),
        ("Sources/Peer/API", "API", ["Gossip", "FastLane", "Access", "Dashboard", "Health", "Insight", "Store"]),
        (
            "Sources/Peer/Program", "Program",
            [
                "Gossip", "Routing", "Mesh", "Discovery", "Machine", "Backends", "Outbound", "FastLane", "Store", "API",
                "DemoEngine", "Access", "Health", "Insight",
            ]
        ),
    ]

    /// Files of the rooms that are rules alone.
    static var rules: [SourceTree.File] {
        ["Sources/Gossip", "Sources/Routing", "Sources/Health"].flatMap { SourceTree.swiftFiles(in: $0) }
    }

    static let ours = Set(rooms.map(\.module)).union(["CAvahi", "CCurl", "CDBus"])

    @Test(arguments: rooms.map(\.folder)) func aRoomKnowsOnlyWhatLiesBelow(folder: String) throws {
        let room = try #require(Self.rooms.first { $0.folder == folder })
        for file in SourceTree.swiftFiles(in: folder) {
            for name in file.imports where Self.ours.contains(name) {
                #expect(room.knows.contains(name), "\(file.path) imports \(name)")
            }
        }
    }

    @Test func theRulesImportOnlyCollections() {
        let allowed: Set = ["Gossip", "Collections", "DequeModule", "HeapModule", "OrderedCollections"]
        for file in Self.rules {
            for name in file.imports {
                #expect(allowed.contains(name), "\(file.path) imports \(name)")
            }
        }
    }

    @Test func theRulesKnowNoClockTaskOrLock() {
        let banned = [
            "Task", "Date()", "ContinuousClock", "SuspendingClock", "SystemRandomNumberGenerator", "Mutex", "async", "await",
            "actor",
            "randomElement()", "shuffled()", "DispatchQueue", "print",
        ]
        for file in Self.rules {
            for (number, line) in file.code.enumerated() {
                let words = Set(
                    line.split(whereSeparator: { !($0.isLetter || $0.isNumber || "()_".contains($0)) }).map(String.init))
                for word in banned {
                    #expect(!words.contains(word), "\(file.path):\(number + 1) uses \(word)")
                }
            }
        }
    }

    @Test func everyRoomOfTheTreeIsListed() {
        let folders = Set(
            SourceTree.paths(in: "Sources").filter { $0.hasSuffix(".swift") }.map { path in
                Self.rooms.first { path.hasPrefix($0.folder + "/") }?.folder ?? path
            })
        #expect(folders.allSatisfy { folder in Self.rooms.contains { $0.folder == folder } }, "a file stands outside every room")
    }
}
