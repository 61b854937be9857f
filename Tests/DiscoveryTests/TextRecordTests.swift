import Testing

@testable import Discovery

@Suite struct TextRecordTests {
    private func parse(_ strings: String...) -> TextRecord? { TextRecord(strings: strings.map { Array($0.utf8) }) }

    @Test func survivesTheRoundTrip() {
        let announcement = Announcement(
            hostName: "attic", shortID: "0123456789ABCDEF", fleetTag: "DEADBEEF", meshPort: 11445, protocolVersion: 1)
        let record = TextRecord(announcement)
        #expect(
            record.strings.map { String(decoding: $0, as: UTF8.self) }
                == ["fleet=deadbeef", "id=0123456789abcdef", "port=11445", "proto=1"])
        #expect(TextRecord(strings: record.strings) == record)
        #expect(record.strings.map { $0.count + 1 }.reduce(0, +) < 400)
    }

    @Test func readsKeysInAnyOrderAndCase() {
        let record = parse("PROTO=2", "x=y", "ID=0123456789ABCDEF", "Port=7", "fleet=0000000A")
        #expect(record?.shortID == "0123456789abcdef")
        #expect(record?.fleetTag == "0000000a")
        #expect(record?.port == 7)
        #expect(record?.protocolVersion == 2)
    }

    @Test func firstOfEqualKeysCounts() {
        let record = parse("id=0123456789abcdef", "id=ffffffffffffffff", "fleet=00000001", "fleet=00000002")
        #expect(record?.shortID == "0123456789abcdef")
        #expect(record?.fleetTag == "00000001")
    }

    @Test(arguments: [
        [], ["id=0123456789abcdef"], ["fleet=00000001"], ["id=0123", "fleet=00000001"],
        ["id=0123456789abcdeg", "fleet=00000001"],
        ["id=0123456789abcdef", "fleet=1"], ["id=0123456789abcdef0", "fleet=00000001"], ["=", "==", "id", "fleet"],
        ["id=0123456789abcdef", "fleet=00000001", "proto=0"], ["id=0123456789abcdef", "fleet=00000001", "proto=256"],
        ["id=0123456789abcdef", "fleet=00000001", "proto=-1"], ["id=0123456789abcdef", "fleet=00000001", "proto="],
        ["id=０１２３456789abcdef", "fleet=00000001"],
    ])
    func refusesWhatIsNoPeer(strings: [String]) {
        #expect(TextRecord(strings: strings.map { Array($0.utf8) }) == nil)
    }

    @Test(arguments: ["port=0", "port=65536", "port=x", "port=", "port=+7", "port=999999999999999999999999"])
    func badPortCountsAsNone(text: String) {
        let record = parse("id=0123456789abcdef", "fleet=00000001", text)
        #expect(record != nil)
        #expect(record?.port == nil)
    }

    @Test func ignoresGarbageAndWhatIsTooMuch() {
        let junk: [[UInt8]] = [[], [0xff, 0xfe], [UInt8](repeating: 0x3d, count: 255), [0x3d], Array("id".utf8) + [0, 0x3d]]
        let good = ["id=0123456789abcdef", "fleet=00000001"].map { Array($0.utf8) }
        #expect(TextRecord(strings: junk + good)?.protocolVersion == 1)
        let tooLong = Array(("id=0123456789abcdef" + String(repeating: "a", count: 300)).utf8)
        #expect(TextRecord(strings: [tooLong] + good) != nil)
        let flood = [[UInt8]](repeating: Array("x=1".utf8), count: TextRecord.maximumStrings)
        #expect(TextRecord(strings: flood + good) == nil)
    }
}
