import Gossip
import Testing

@Suite("Datagrams as bytes")
struct CodecTests {
    private func encode(_ datagram: Datagram, sequence: UInt64 = 7) -> [UInt8] {
        DatagramCodec.encode(datagram, keyID: 3, fleetTag: 0xFEED_BEEF, sequence: sequence)
    }

    private func decode(_ bytes: [UInt8]) throws(WireError) -> Datagram {
        try DatagramCodec.decode(bytes, envelope: Envelope(decoding: bytes))
    }

    @Test("every message with every item comes back as it went", arguments: 0...14)
    func roundTrip(kind: Int) throws {
        var samples = Samples(seed: UInt64(kind))
        for items in 0..<200 {
            let datagram = samples.datagram(kind, items: items % 6)
            let bytes = encode(datagram, sequence: UInt64(items))
            let envelope = try Envelope(decoding: bytes)
            #expect(envelope.keyID == 3 && envelope.fleetTag == 0xFEED_BEEF && envelope.sequence == UInt64(items))
            #expect(envelope.sender == datagram.sender && envelope.generation == datagram.generation)
            #expect(try DatagramCodec.decode(bytes, envelope: envelope) == datagram)
        }
    }

    @Test("sizes told beforehand are the real ones, and the budget holds")
    func sizes() throws {
        var samples = Samples(seed: 99)
        var largest = 0
        for round in 0..<2_000 {
            let bare = Datagram(
                sender: 1, generation: 1, incarnation: 1, hotCounter: 1, localHealth: 0, message: samples.message(round % 16))
            let item = samples.item()
            var carrying = bare
            carrying.items = [item]
            #expect(encode(carrying).count - encode(bare).count == item.encodedSize)
            #expect(encode(bare).count + DatagramCodec.itemBudget(beside: bare.message) == Datagram.maximumBytes - 16)
            largest = max(largest, item.encodedSize)
            carrying.items = (0..<40).map { _ in samples.item() }
            let bytes = encode(carrying)
            #expect(bytes.count <= Datagram.maximumBytes - Envelope.tagByteCount)
            let back = try decode(bytes)
            #expect(back.items == Array(carrying.items.prefix(back.items.count)))
            #expect(bytes.count + carrying.items[back.items.count].encodedSize > Datagram.maximumBytes - Envelope.tagByteCount)
        }
        #expect(largest <= Item.largestEncodedSize)
    }

    @Test("the bytes of a ping with a member, field by field")
    func golden() {
        let id = PeerID(short: 0x0102_0304_0506_0708, low: 0x1112_1314_1516_1718)
        let record = MemberRecord(
            id: id, generation: 5, incarnation: 2, status: .alive, endpoint: Endpoint(.v4(0x0A00_0001), port: 11_445),
            protocolRange: 1...2, candidacy: Candidacy(priority: 50, steady: true, seasoned: false, ephemeral: true),
            keyIDs: [3, 256],
            pin: [UInt8](repeating: 7, count: MemberRecord.pinByteCount))
        let datagram = Datagram(
            sender: id.short, generation: 5, incarnation: 2, hotCounter: 9, localHealth: 1,
            message: .ping(sequence: 0xABCD, target: 0), items: [.member(record)])
        let hex = encode(datagram, sequence: 1).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let expected = [
            "48", "11", "0003", "feedbeef", "0102030405060708", "00000005", "0000000000000001",
            "00000002", "00000009", "01", "01", "000c", "0000abcd", "0000000000000000",
            "01", "0029", "01020304050607081112131415161718", "00000005", "00000002", "00", "01", "02", "32", "05",
            "04", "0a000001", "2cb5", "02", "0003", "0100",
        ]
        #expect(hex == expected.joined())
    }

    @Test("a version that both sides speak is carried; one that is not spoken here is refused by name")
    func versions() throws {
        var samples = Samples(seed: 4)
        var datagram = samples.datagram(0, items: 1)
        datagram.version = 2
        let bytes = encode(datagram)
        let envelope = try Envelope(decoding: bytes, versions: 1...2)
        #expect(envelope.version == 2)
        #expect(try DatagramCodec.decode(bytes, envelope: envelope) == datagram)
        #expect(throws: WireError.unsupportedVersion(2)) { try Envelope(decoding: bytes) }
    }

    @Test("unknown items and longer payloads are skipped")
    func forwardCompatible() throws {
        var samples = Samples(seed: 5)
        let datagram = samples.datagram(0, items: 0)
        let member = Item.member(samples.member())
        var bytes = encode(datagram)
        bytes += [200, 0, 3, 1, 2, 3]
        var carrying = datagram
        carrying.items = [member]
        var tail = Array(encode(carrying).dropFirst(encode(datagram).count))
        tail[2] += 2
        bytes += tail + [0xAA, 0xBB]
        #expect(try decode(bytes).items == [member])
        // A message with more fields than this version knows.
        var longer = encode(datagram)
        longer[Envelope.byteCount + 11] += 1
        longer.append(0)
        #expect(try decode(longer) == datagram)
    }

    @Test("what is not a datagram is refused by name")
    func refused() {
        var samples = Samples(seed: 6)
        let good = encode(samples.datagram(0, items: 1))
        func error(_ change: (inout [UInt8]) -> Void) -> WireError? {
            var bytes = good
            change(&bytes)
            do {
                _ = try decode(bytes)
                return nil
            } catch {
                return error
            }
        }
        #expect(error { _ in } == nil)
        #expect(error { $0 = [] } == .tooShort(bytes: 0))
        #expect(error { $0 = Array($0.prefix(27)) } == .tooShort(bytes: 27))
        #expect(error { $0 += [UInt8](repeating: 0, count: 1_200) } == .tooLong(bytes: good.count + 1_200))
        #expect(error { $0[0] = 0x47 } == .foreign)
        #expect(error { $0[1] = 0x20 } == .unsupportedVersion(2))
        #expect(error { $0[1] = 0x10 } == .unknownKind(0) && error { $0[1] = 0x13 } == .unknownKind(3))
        #expect(error { $0[Envelope.byteCount + 9] = 99 } == .unknownMessage(99))
        #expect(error { $0.append(1) } == .truncated)
        #expect(error { $0.removeLast() } == .truncated)
        #expect(WireError.unsupportedVersion(2).description.contains("update"))
    }

    @Test("every cut of a datagram is refused or shorter, none crashes")
    func truncation() throws {
        var samples = Samples(seed: 7)
        let datagram = samples.datagram(10, items: 5)
        let bytes = encode(datagram)
        for length in 0..<bytes.count {
            if let back = try? decode(Array(bytes.prefix(length))) { #expect(back.items.count < datagram.items.count) }
        }
    }

    @Test("random mutations never crash, and what decodes encodes within the limit")
    func mutations() {
        var samples = Samples(seed: 8)
        var decoded = 0
        for round in 0..<20_000 {
            var bytes = encode(samples.datagram(round % 16, items: round % 5))
            for _ in 0..<samples.number(1...6) {
                guard !bytes.isEmpty else { break }
                let place = samples.number(0...bytes.count - 1)
                switch samples.number(0...3) {
                case 0: bytes[place] = samples.number(0...255)
                case 1: bytes[place] ^= 1 << samples.number(0...7)
                case 2: bytes.remove(at: place)
                default: bytes.insert(samples.number(0...255), at: place)
                }
            }
            guard let datagram = try? decode(bytes) else { continue }
            decoded += 1
            #expect(encode(datagram).count <= Datagram.maximumBytes)
            #expect(datagram.localHealth <= 7)
        }
        #expect(decoded > 1_000 && decoded < 20_000)
    }

    @Test("random bytes behind a good envelope never crash")
    func noise() {
        var samples = Samples(seed: 9)
        for _ in 0..<5_000 {
            var bytes = Array(encode(samples.datagram(4, items: 0)).prefix(Envelope.byteCount))
            for _ in 0..<samples.number(0...300) { bytes.append(samples.number(0...255)) }
            if let datagram = try? decode(bytes) { #expect(encode(datagram).count <= Datagram.maximumBytes) }
        }
    }
}
