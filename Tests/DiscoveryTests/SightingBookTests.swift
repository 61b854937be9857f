import Testing

@testable import Discovery

@Suite struct SightingBookTests {
    private let a = "aaaaaaaaaaaaaaaa"
    private let b = "bbbbbbbbbbbbbbbb"

    private func key(_ name: String, interface: Int32 = 2, ipProtocol: Int32 = 0) -> ServiceKey {
        ServiceKey(interface: interface, ipProtocol: ipProtocol, name: name, type: ServiceType.peer, domain: "local")
    }

    private func service(_ id: String, _ bytes: [UInt8], port: UInt16 = 11445, host: String = "h.local") throws
        -> ResolvedService
    {
        let text = try #require(TextRecord(strings: ["id=\(id)", "fleet=00000001"].map { Array($0.utf8) }))
        return ResolvedService(
            hostName: host, address: try #require(NumericAddress(bytes: bytes, interface: 2)), port: port, text: text)
    }

    private func sighting(_ id: String, _ addresses: [String], port: UInt16 = 11445) -> DiscoveryEvent {
        .sighted(
            Sighting(
                fleetTag: "00000001", shortID: id, addresses: addresses, port: port, hostName: "h.local", protocolVersion: 1))
    }

    @Test func mergesInterfacesByShortID() throws {
        var book = SightingBook(ownShortID: nil)
        let v6: [UInt8] = [0xfd, 0x77] + [UInt8](repeating: 0, count: 13) + [1]
        #expect(try book.resolved(key("x", ipProtocol: 1), service(a, v6)) == [sighting(a, ["fd77::1"])])
        #expect(try book.resolved(key("x"), service(a, [10, 0, 0, 1])) == [sighting(a, ["10.0.0.1", "fd77::1"])])
        #expect(book.peerCount == 1)
        #expect(book.removed(key("x")) == [])
        #expect(book.removed(key("x", ipProtocol: 1)) == [.vanished(shortID: a)])
        #expect(book.removed(key("x", ipProtocol: 1)) == [])
    }

    @Test func dropsOwnAnnouncementByShortID() throws {
        var book = SightingBook(ownShortID: a)
        #expect(try book.resolved(key("me #2"), service(a, [10, 0, 0, 1])) == [])
        #expect(book.peerCount == 0)
        #expect(book.removed(key("me #2")) == [])
    }

    @Test func newestAnswerWinsAndAReusedNameMovesOn() throws {
        var book = SightingBook(ownShortID: nil)
        _ = try book.resolved(key("x"), service(a, [10, 0, 0, 1]))
        #expect(try book.resolved(key("x"), service(a, [10, 0, 0, 9], port: 5)) == [sighting(a, ["10.0.0.9"], port: 5)])
        #expect(try book.resolved(key("x"), service(b, [10, 0, 0, 9])) == [.vanished(shortID: a), sighting(b, ["10.0.0.9"])])
        #expect(
            try book.resolved(key("x"), service(b, [10, 0, 0, 9])) == [sighting(b, ["10.0.0.9"])], "seen again is told again")
    }

    @Test func staysBounded() throws {
        var book = SightingBook(ownShortID: nil)
        for index in 0..<100 {
            _ = try book.resolved(key("n\(index)"), service(a, [10, 0, 0, UInt8(index)]))
        }
        guard case .sighted(let last) = try book.resolved(key("n0"), service(a, [10, 9, 9, 9])).first else {
            Issue.record("no sighting")
            return
        }
        #expect(last.addresses.count == SightingBook.maximumAddresses)
        for index in 0..<SightingBook.maximumServices {
            let id = String(index + 0x1_0000, radix: 16)
            _ = try book.resolved(key("m\(index)"), service("00000000000" + id, [10, 1, 0, 1]))
        }
        #expect(book.peerCount == SightingBook.maximumServices - SightingBook.maximumServicesPerPeer + 1)
        #expect(try book.resolved(key("late"), service(b, [10, 1, 1, 1])) == [], "the book is full")
    }

    @Test func forgettingReportsNobodyAsVanished() throws {
        var book = SightingBook(ownShortID: nil)
        _ = try book.resolved(key("x"), service(a, [10, 0, 0, 1]))
        book.forgetAll()
        #expect(book.removed(key("x")) == [])
        #expect(book.peerCount == 0)
    }
}
