import Gossip
import Testing

@Suite("The table of fleet settings")
struct SettingsTableTests {
    private let a = PeerID(short: 1, low: 0)
    private let b = PeerID(short: 2, low: 0)
    private let start = Instant(nanoseconds: 1_000_000_000)

    private func entry(
        _ key: String, _ value: String?, _ epoch: UInt64, _ counter: UInt64 = 1, by node: UInt64 = 1, age: UInt32 = 0
    ) -> SettingEntry {
        SettingEntry(
            key: key, value: value, version: SettingVersion(epoch: epoch, counter: counter, node: PeerID(short: node, low: 0)),
            deletedSecondsAgo: age)
    }

    private func table(_ entries: [SettingEntry]) -> SettingsTable {
        var table = SettingsTable()
        _ = table.merge(entries, highestEpoch: 1 << 62, now: start)
        return table
    }

    /// Merges everything that fits, outside of an expectation: those take no mutation.
    private func merge(_ entries: [SettingEntry], into table: inout SettingsTable, highest: UInt64 = 9) -> SettingsTable.Merge {
        table.merge(entries, highestEpoch: highest, now: start)
    }

    private func write(
        _ key: String, _ value: String?, _ epoch: UInt64, to table: inout SettingsTable
    ) throws -> SettingEntry? {
        try table.write(key: key, value: value, epoch: epoch, node: a, now: start)
    }

    @Test("Writes count up, and the latest of a key is shown")
    func writes() throws {
        var table = SettingsTable()
        let writes = [
            try table.write(key: "x", value: "1", epoch: 4, node: a, now: start),
            try table.write(key: "y", value: "2", epoch: 4, node: a, now: start),
            try table.write(key: "x", value: "3", epoch: 4, node: b, now: start),
        ]
        let (first, second, third) = (try #require(writes[0]), try #require(writes[1]), try #require(writes[2]))
        #expect(first.version < second.version && second.version < third.version)
        #expect(third.replaced == [first.version])
        #expect(table["x"] == "3" && table["y"] == "2" && table["z"] == nil)
        let same = try write("x", "3", 4, to: &table)
        let nothing = try write("z", nil, 4, to: &table)
        let older = try write("x", "4", 2, to: &table)
        #expect(same == nil, "nothing to write")
        #expect(nothing == nil, "nothing to delete")
        #expect(try #require(older).version > third.version, "a write has its effect whatever epoch the writer knows")
        #expect(table.current.map(\.key) == ["x", "y"])
    }

    @Test("Merging in any order, in any pieces and repeatedly gives the same table")
    func anyOrder() {
        var generator = SeededGenerator(seed: 5)
        for round in 0..<50 {
            var entries: [SettingEntry] = []
            for _ in 0..<40 {
                let value = Int.random(in: 0..<5, using: &generator)
                entries.append(
                    entry(
                        "key\(Int.random(in: 0..<9, using: &generator))", value == 0 ? nil : "\(value)",
                        UInt64.random(in: 1...3, using: &generator), UInt64.random(in: 1...4, using: &generator),
                        by: UInt64.random(in: 1...2, using: &generator)))
            }
            let whole = table(entries)
            var pieces = SettingsTable()
            for item in entries.shuffled(using: &generator) + entries.shuffled(using: &generator) {
                _ = pieces.merge([item], highestEpoch: 1 << 62, now: start)
            }
            #expect(whole.digest == pieces.digest, "round \(round)")
            #expect(whole.entries(now: start) == pieces.entries(now: start), "round \(round)")
        }
    }

    @Test("With too many keys those with the highest versions stay, in whatever order they come")
    func overflow() {
        let left = (0..<512).map { entry("left\($0)", "l", 5, UInt64($0 + 1)) }
        let right = (0..<512).map { entry("right\($0)", "r", 6, UInt64($0 + 1)) }
        var one = table(left)
        let merge = one.merge(right, highestEpoch: 1 << 62, now: start)
        var other = table(right)
        _ = other.merge(left, highestEpoch: 1 << 62, now: start)
        #expect(one.digest == other.digest)
        #expect(one.current.count == 512 && one.current.allSatisfy { $0.value == "r" })
        #expect(merge.dropped.count == 512)
    }

    @Test("A write that another did not know of is reported as overruled, an ordinary change is not")
    func conflict() throws {
        var left = SettingsTable()
        var right = SettingsTable()
        let written = try write("x", "0", 1, to: &left)
        let common = try #require(written)
        _ = right.merge([common], highestEpoch: 9, now: start)
        _ = try left.write(key: "x", value: "left", epoch: 1, node: a, now: start)
        _ = try right.write(key: "x", value: "r1", epoch: 2, node: b, now: start)
        _ = try right.write(key: "x", value: "right", epoch: 2, node: b, now: start)
        let quiet = right.merge(left.entries(now: start), highestEpoch: 9, now: start)
        #expect(!quiet.isChanged && quiet.overruled.isEmpty)
        var third = table([common])
        let late = merge(right.entries(now: start), into: &third)
        #expect(late.overruled.isEmpty, "it only lagged behind")
        let merge = left.merge(right.entries(now: start), highestEpoch: 9, now: start)
        #expect(merge.overruled.map(\.lost.value) == ["left"])
        #expect(merge.overruled.map(\.by.value) == ["right"])
        #expect(left.digest == right.digest)
        let again = left.merge(right.entries(now: start), highestEpoch: 9, now: start)
        #expect(again.overruled.isEmpty, "said once")
    }

    @Test("A chain of writes longer than is remembered is no conflict, and an unknown write in it is one")
    func longChain() throws {
        var writer = SettingsTable()
        let written = try write("x", "0", 1, to: &writer)
        let first = try #require(written)
        for number in 1...9 { _ = try writer.write(key: "x", value: "\(number)", epoch: 1, node: a, now: start) }
        let news = writer.entries(now: start)
        #expect(news[0].replaced.count == 4)
        var behind = table([first])
        let caughtUp = merge(news, into: &behind)
        #expect(caughtUp.overruled.isEmpty)
        var other = table([entry("x", "other", 1, 8, by: 2)])
        let conflict = merge(news, into: &other)
        #expect(conflict.overruled.count == 1)
    }

    @Test("A deleted key stays deleted, seven days long")
    func tombstones() throws {
        var table = SettingsTable()
        let written = try write("x", "1", 1, to: &table)
        let old = try #require(written)
        _ = try table.write(key: "x", value: nil, epoch: 1, node: a, now: start)
        #expect(table["x"] == nil && table.current.isEmpty && table.digest.count == 1)
        let stale = merge([old], into: &table)
        #expect(!stale.isChanged, "an old copy does not bring it back")
        let sixDays = start + .seconds(6 * 86_400 + 3_600)
        let late = table.entries(now: sixDays)
        #expect(late[0].deletedSecondsAgo == 6 * 86_400 + 3_600)
        let tooSoon = table.sweep(now: sixDays)
        let swept = table.sweep(now: start + .seconds(7 * 86_400 + 1))
        #expect(!tooSoon && swept)
        #expect(table.digest == SettingsDigest())
        let again = merge(late, into: &table)
        #expect(!again.isChanged, "what is nearly forgotten is not learnt anew")
    }

    @Test("Peers that learnt a deletion at different times agree on its age: the oldest")
    func ages() {
        var table = table([entry("x", nil, 3, age: 100)])
        let before = table.digest
        let older = merge([entry("x", nil, 3, age: 5_000)], into: &table)
        let younger = merge([entry("x", nil, 3, age: 7)], into: &table)
        #expect(!older.isChanged && !younger.isChanged)
        #expect(table.entries(now: start)[0].deletedSecondsAgo == 5_000)
        #expect(table.digest == before)
    }

    @Test("What cannot be written is refused with the reason")
    func bounds() throws {
        var table = SettingsTable()
        for key in ["", "a b", "ä", String(repeating: "k", count: 129), "a\u{7F}"] {
            #expect(throws: SettingError.unusableKey) { try table.check(key: key, value: "1") }
        }
        #expect(throws: SettingError.valueTooLong) { try table.check(key: "k", value: String(repeating: "v", count: 4_097)) }
        try table.check(key: String(repeating: "k", count: 128), value: String(repeating: "v", count: 4_096))
        for number in 0..<15 {
            _ = try table.write(key: "big\(number)", value: String(repeating: "v", count: 4_096), epoch: 1, node: a, now: start)
        }
        #expect(throws: SettingError.tooLarge) { try table.check(key: "more", value: String(repeating: "v", count: 4_096)) }
        try table.check(key: "big0", value: "smaller")
        var full = self.table((0..<512).map { entry("k\($0)", "", 1, UInt64($0 + 1)) })
        #expect(throws: SettingError.tooManyKeys) { try full.check(key: "new", value: "") }
        _ = try full.write(key: "k7", value: nil, epoch: 1, node: a, now: start)
        #expect(throws: SettingError.tooManyKeys) { try full.check(key: "new", value: "") }
    }

    @Test("Hostile entries are refused one by one, and what they leave can be counted on")
    func hostile() throws {
        var table = SettingsTable()
        var backwards = entry("back", "1", 2)
        backwards.replaced = [SettingVersion(epoch: 3, counter: 1, node: a)]
        let bad = [
            entry("far", "1", 1 << 40), entry("huge", "1", .max), entry("counter", "1", 1, .max), entry("", "1", 1), backwards,
            entry("long", String(repeating: "v", count: 5_000), 1),
        ]
        let found = table.merge(bad + [entry("good", "1", 1)], highestEpoch: 1 << 33, now: start)
        #expect(found.refused == bad.count)
        #expect(table.current.map(\.key) == ["good"])
        _ = table.merge([entry("edge", "theirs", 1 << 33, 1 << 62)], highestEpoch: 1 << 33, now: start)
        let mine = try write("edge", "mine", 3, to: &table)
        #expect(try #require(mine).version == SettingVersion(epoch: 1 << 33 + 1, counter: 1, node: a))
        _ = table.merge([entry("last", "theirs", 1 << 62, 1 << 62)], highestEpoch: 1 << 62, now: start)
        #expect(throws: SettingError.versionsUsedUp) { try write("last", "mine", 3, to: &table) }
        let many = (0..<600).map { entry("n\($0)", "", 1) }
        let tooMany = merge(many, into: &table)
        #expect(tooMany.refused == 600 - 512)
    }

    @Test("Two values under one version: all peers keep the same one")
    func forgedVersion() {
        let one = [entry("x", "1", 3), entry("x", "2", 3), entry("x", nil, 3)]
        #expect(table(one).digest == table(one.reversed()).digest)
        #expect(table(one)["x"] == "2")
    }
}
