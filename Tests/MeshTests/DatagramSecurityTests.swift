import Gossip
import Testing

@testable import Mesh

@Suite struct DatagramSecurityTests {
    let key = FleetKeys.open(fleet: "default")
    let sender: UInt64 = 0x1122_3344_5566_7788

    private func ping(_ number: UInt32, generation: UInt32 = 1, sender: UInt64? = nil) -> Datagram {
        Datagram(
            sender: sender ?? self.sender, generation: generation, incarnation: 2, hotCounter: 3, localHealth: 1,
            message: .ping(sequence: number, target: 9))
    }

    /// `#expect` cannot call what changes a value.
    private final class Opener {
        var inner: DatagramOpener
        init(_ key: FleetKeys, _ senders: SenderBook = SenderBook()) { inner = DatagramOpener(keys: key, senders: senders) }

        func open(_ bytes: [UInt8]) throws -> Datagram { try inner.open(bytes) }

        func reason(_ bytes: [UInt8]) -> DropReason? {
            do throws(DropFailure) {
                _ = try inner.open(bytes)
                return nil
            } catch {
                return error.reason
            }
        }
    }

    private final class Sealer {
        var inner: DatagramSealer
        init(_ key: FleetKeys, _ sender: UInt64) { inner = DatagramSealer(keys: key, sender: sender) }
        func seal(_ datagram: Datagram) -> [UInt8] { inner.seal(datagram) }
    }

    private final class Window {
        var inner = ReplayWindow()
        func accept(_ sequence: UInt64) -> Bool { inner.accept(sequence) }
    }

    @Test func keysFollowFromTheName() {
        let again = FleetKeys.open(fleet: "default")
        let other = FleetKeys.open(fleet: "other")
        let token = key.active.linkToken(pin: nil)
        #expect(again.tag == key.tag && again.active.linkToken(pin: nil) == token)
        #expect(other.tag != key.tag && other.active.linkToken(pin: nil) != token)
        #expect(key.tagHex.utf8.count == 8 && token.utf8.count == 64)
        // Fixed for ever: peers of other versions must come to the same.
        #expect(key.tagHex == Self.defaultTag)
        #expect(key.admitsLink(token, pin: nil))
        for wrong in ["", other.active.linkToken(pin: nil), String(token.dropLast()), token + "0", token.uppercased()] {
            #expect(!key.admitsLink(wrong, pin: nil))
        }
        #expect(key.active.senderKey(1) != key.active.senderKey(2))
    }

    @Test func whatWasSealedOpens() throws {
        let sealer = Sealer(key, sender)
        let opener = Opener(key)
        for number in UInt32(1)...100 {
            let bytes = sealer.seal(ping(number))
            #expect(bytes.count <= Datagram.maximumBytes)
            #expect(try opener.open(bytes) == ping(number))
        }
    }

    @Test func everyFlippedBitIsNoticed() {
        let sealer = Sealer(key, sender)
        let good = sealer.seal(ping(1))
        for place in good.indices {
            for bit in 0..<8 {
                var bad = good
                bad[place] ^= 1 << bit
                let opener = Opener(key)
                #expect(opener.reason(bad) != nil, "byte \(place) bit \(bit)")
            }
        }
    }

    @Test func everyCutIsNoticed() {
        let sealer = Sealer(key, sender)
        let good = sealer.seal(ping(1))
        let opener = Opener(key)
        for length in 0..<good.count { #expect(opener.reason(Array(good[..<length])) != nil) }
        #expect(opener.reason(good + [0]) == .forged)
        #expect(opener.reason(good + [UInt8](repeating: 0, count: 1_300)) == .size)
        #expect(opener.reason(good) == nil)
    }

    @Test func reasonsAreTold() {
        let sealer = Sealer(key, sender)
        let good = sealer.seal(ping(1))
        let opener = Opener(key)
        #expect(opener.reason([]) == .size)
        #expect(opener.reason([0x48]) == .size)
        #expect(opener.reason(Array("GET / HTTP/1.1\r\n\r\n".utf8)) == .foreign)
        func changed(_ place: Int, _ value: UInt8) -> [UInt8] {
            var bytes = good
            bytes[place] = value
            return bytes
        }
        #expect(opener.reason(changed(1, 0x20)) == .version)
        #expect(opener.reason(changed(1, 0x10)) == .version)
        #expect(opener.reason(changed(1, 0x13)) == .version)
        #expect(opener.reason(changed(3, 5)) == .key)
        #expect(opener.reason(changed(4, good[4] ^ 1)) == .fleet)
        #expect(opener.reason(changed(good.count - 1, good[good.count - 1] ^ 1)) == .forged)
        let foreign = Sealer(.open(fleet: "other"), sender)
        #expect(opener.reason(foreign.seal(ping(1))) == .fleet)
        #expect(opener.reason(good) == nil)
        #expect(opener.reason(good) == .replayed)
    }

    @Test func aRestartBeatsTheOldLife() {
        let old = Sealer(key, sender)
        let new = Sealer(key, sender)
        let opener = Opener(key)
        let late = old.seal(ping(1, generation: 1))
        #expect(opener.reason(old.seal(ping(2, generation: 1))) == nil)
        #expect(opener.reason(new.seal(ping(3, generation: 2))) == nil)
        #expect(opener.reason(late) == .outdated)
        #expect(opener.reason(new.seal(ping(4, generation: 2))) == nil)
    }

    @Test func oneSenderCannotSpeakForAnother() {
        // The key of sender 1 under the envelope of sender 2.
        let sealer = Sealer(key, 1)
        let opener = Opener(key)
        #expect(opener.reason(sealer.seal(ping(1, sender: 2))) == .forged)
    }

    @Test func windowTable() {
        let window = Window()
        #expect(!window.accept(0))
        let table: [(UInt64, Bool)] = [
            (1, true), (1, false), (3, true), (2, true), (2, false), (1_024, true), (1, false), (4, true), (1_026, true),
            (1_025, true), (1_025, false), (2, false), (5, true), (10_000, true), (1_026, false), (8_977, true), (8_976, false),
            (.max, true), (.max, false), (.max - 1_023, true), (.max - 1_024, false), (10_000, false),
        ]
        for (sequence, accepted) in table { #expect(window.accept(sequence) == accepted, "\(sequence)") }
    }

    @Test func windowAgreesWithASet() {
        let window = Window()
        var seen: Set<UInt64> = []
        var highest: UInt64 = 0
        var random = SeededGenerator(seed: 7)
        for _ in 0..<20_000 {
            let low = highest > 1_500 ? highest - 1_500 : 1
            let sequence = UInt64.random(in: low...(highest + 40), using: &random)
            let expected = sequence > 0 && !seen.contains(sequence) && (sequence > highest || highest - sequence < 1_024)
            #expect(window.accept(sequence) == expected)
            if expected { seen.insert(sequence) }
            highest = max(highest, expected ? sequence : 0)
        }
    }

    @Test func sendersAreBounded() {
        let opener = Opener(key, SenderBook(limit: 16))
        let first = Sealer(key, 1)
        let old = first.seal(ping(1, sender: 1))
        #expect(opener.reason(old) == nil)
        for other in UInt64(2)...100 {
            let sealer = Sealer(key, other)
            #expect(opener.reason(sealer.seal(ping(1, sender: other))) == nil)
            #expect(opener.reason(first.seal(ping(UInt32(other), sender: 1))) == nil)
        }
        // Who speaks often is kept, so its window still holds.
        #expect(opener.reason(old) == .replayed)
        var book = SenderBook(limit: 16)
        for other in UInt64(1)...1_000 {
            try? book.admit(
                Envelope(keyID: 0, fleetTag: 1, sender: other, generation: 1, sequence: 1), key: key.active.senderKey(other))
            #expect(book.count <= 16)
        }
    }

    static let defaultTag = "6c72713f"
}
