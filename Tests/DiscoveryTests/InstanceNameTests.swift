import Testing

@testable import Discovery

@Suite struct InstanceNameTests {
    @Test func joinsHostNameAndShortID() {
        #expect(InstanceName.make(hostName: "attic", shortID: "0123456789abcdef") == "attic-01234567")
    }

    @Test(arguments: [
        String(repeating: "a", count: 200), String(repeating: "é", count: 60), String(repeating: "👩‍👩‍👧‍👦", count: 9),
        "e" + String(repeating: "\u{301}", count: 300), "", "\u{0}\n\t", String(repeating: "漢", count: 18) + "xy",
    ])
    func staysWithinOneLabel(hostName: String) {
        let name = InstanceName.make(hostName: hostName, shortID: "0123456789abcdef")
        #expect(name.utf8.count <= 63)
        #expect(name.hasSuffix("-01234567"))
        #expect(name.utf8.count > 9, "the readable part must not be empty")
        #expect(String(decoding: Array(name.utf8), as: UTF8.self) == name)
        #expect(!name.unicodeScalars.contains { $0.value < 0x20 })
    }

    @Test func cutsBetweenCharacters() {
        #expect(InstanceName.truncated("aéb", toBytes: 2) == "a")
        #expect(InstanceName.truncated("aéb", toBytes: 3) == "aé")
        #expect(InstanceName.truncated("e\u{301}x", toBytes: 2) == "e")
        #expect(InstanceName.truncated("short", toBytes: 63) == "short")
    }

    @Test func countsUpWhenTaken() {
        #expect(InstanceName.alternative(to: "attic-01234567") == "attic-01234567 #2")
        #expect(InstanceName.alternative(to: "attic-01234567 #2") == "attic-01234567 #3")
        #expect(InstanceName.alternative(to: "attic #9") == "attic #10")
        #expect(InstanceName.alternative(to: "attic #x") == "attic #x #2")
        #expect(InstanceName.alternative(to: "a #1") == "a #1 #2")
        let long = InstanceName.alternative(to: String(repeating: "é", count: 31) + "x")
        #expect(long.utf8.count <= 63)
        #expect(long.hasSuffix(" #2"))
    }
}
