import Gossip
import Testing

@testable import Mesh

/// The ring of fleet keys as a value and on disk.
@Suite struct KeyRingTests {
    let ring: KeyRing
    init() throws { ring = try KeyRing.create(fleet: "home", nowSeconds: 100) }

    @Test func aNewFleetHasOneKeyInUse() throws {
        let other = try KeyRing.create(fleet: "home", nowSeconds: 100)
        #expect(ring.keys.count == 1 && ring.active.stage == .active && ring.active.id != 0)
        #expect(ring.version == 1 && ring.fleetName == "home" && ring.fleetTag != 0 && !ring.isRotating)
        #expect(ring.active.secret.bytes.count == 32 && ring.active.secret != other.active.secret)
        for name in ["", String(repeating: "x", count: 65), "a\nb", "\u{7F}"] {
            #expect(throws: KeyRingError.badName) { try KeyRing.create(fleet: name, nowSeconds: 0) }
        }
    }

    @Test func aRotationGoesThroughItsSteps() throws {
        let old = ring.active.id
        let installed = try ring.installingNewKey(nowSeconds: 200)
        let new = try #require(installed.keys.last).id
        #expect(installed.isRotating && installed.keyIDs == [old, new] && installed.version == 2)
        #expect(throws: KeyRingError.rotating) { try installed.installingNewKey(nowSeconds: 201) }
        #expect(throws: KeyRingError.inUse(old)) { try installed.removing(old) }
        let used = try installed.using(new, nowSeconds: 300)
        #expect(used.keyIDs == [new, old] && used.keys.map(\.stage) == [.active, .retiring] && !used.isRotating)
        #expect(used.key(old)?.retiredSeconds == 300 && used.active.retiredSeconds == nil)
        #expect(throws: KeyRingError.noSuchKey(0)) { try used.using(0, nowSeconds: 0) }
        #expect(throws: KeyRingError.noSuchKey(0)) { try used.removing(0) }
        let removed = try used.removing(old)
        #expect(removed.keyIDs == [new] && removed.version == 4)
    }

    @Test func thereAreNeverMoreThanThreeKeys() throws {
        var ring = ring
        for step in 1...10 {
            ring = try ring.installingNewKey(nowSeconds: Int64(step))
            ring = try ring.using(try #require(ring.keys.first { $0.stage == .installed }).id, nowSeconds: Int64(step))
            #expect(ring.keys.count == min(3, step + 1))
            // The youngest retiring ones stay.
            #expect(ring.keys.compactMap(\.retiredSeconds).sorted().last == Int64(step))
        }
        #expect(throws: KeyRingError.keyExists(ring.active.id)) { try ring.installing(ring.active) }
    }

    @Test func revokingRemembersABoundedNumber() {
        var ring = ring
        let first = PeerID(short: 0, low: 0)
        for number in UInt64(0)..<70 {
            ring = ring.revoking(PeerID(short: number, low: 0), pin: [UInt8](repeating: 1, count: 32))
        }
        #expect(ring.revoked.count == 64 && !ring.hasRevoked(first) && ring.hasRevoked(PeerID(short: 69, low: 0)))
        #expect(ring.isPurging)
        #expect(ring.hasRevoked(pin: [UInt8](repeating: 1, count: 32)) && !ring.hasRevoked(pin: [UInt8](repeating: 2, count: 32)))
    }

    @Test func whichIsNewer() throws {
        let next = try ring.installingNewKey(nowSeconds: 1)
        let apart = try ring.installingNewKey(nowSeconds: 1)
        #expect(next.isNewer(than: ring) && !ring.isNewer(than: next) && !ring.isNewer(than: ring))
        // Two halves of a network that rotated apart: one of them wins, the same one everywhere.
        #expect(next.isNewer(than: apart) != apart.isNewer(than: next))
        let foreign = try KeyRing.create(fleet: "home", nowSeconds: 1).installingNewKey(nowSeconds: 1)
        #expect(!foreign.isNewer(than: ring))
        let joined = KeyRing(joining: ring.joinToken, nowSeconds: 5)
        #expect(joined.version == 0 && ring.isNewer(than: joined) && joined.active.secret == ring.active.secret)
    }

    @Test func secretsAreNotShown() {
        let bytes = ring.active.secret.bytes
        var dumped = ""
        dump(ring, to: &dumped)
        for text in ["\(ring)", String(reflecting: ring), dumped, "\(ring.joinToken)", "\(ring.active)"] {
            #expect(!text.contains(ring.joinToken.text))
            #expect(!text.contains("\(bytes[0]), \(bytes[1])"))
            #expect(!text.contains("- \(bytes[0])\n") || !text.contains("- \(bytes[31])\n"))
        }
    }

    // MARK: On disk

    @Test func theFileKeepsAllAndIsPrivate() throws {
        let directory = try TestDirectory()
        let file = KeyRingFile(dataDirectory: directory.file("data"))
        #expect(try file.load() == nil && file.stamp == nil)
        let ring = try ring.installingNewKey(nowSeconds: 3).revoking(PeerID(short: 1, low: 2), pin: nil)
        try file.save(ring)
        #expect(try file.load() == ring)
        #expect(try directory.mode("data/identity/fleet-keys.json") == 0o600)
        let stamp = file.stamp
        try file.save(ring)
        #expect(stamp != nil && file.stamp != stamp, "a replaced file is noticed")
        #expect(try file.moveAside() != nil && file.load() == nil && file.moveAside() == nil)
    }

    @Test func aDamagedFileStopsTheStartAndSaysWhatToDo() throws {
        let directory = try TestDirectory()
        let path = directory.file("data")
        try KeyRingFile(dataDirectory: path).save(ring)
        let good = try #require(directory.read("data/identity/fleet-keys.json"))
        let bad = [
            "", "{", "[]", String(good.dropLast(20)), good.replacing("\"active\"", with: "\"retiring\""),
            good.replacing("\"active\"", with: "\"used\""), good.replacing("\"format\" : 1", with: "\"format\" : 2"),
            good.replacing("\"home\"", with: "\"\""), good.replacing("\"keys\"", with: "\"kees\""),
            good.replacing("\"id\" : \(ring.active.id)", with: "\"id\" : 0"),
            good.replacing("\"id\" : \(ring.active.id)", with: "\"id\" : 70000"),
            good.replacing("\"secret\" : \"", with: "\"secret\" : \"AA"), String(repeating: " ", count: 70_000) + good,
        ]
        for text in bad {
            try directory.write(text, to: "data/identity/fleet-keys.json")
            #expect {
                try StateDirectory(path: path, machine: nil)
            } throws: { error in
                guard case StateDirectoryError.fleetKeys(.damaged(let file, _)) = error else { return false }
                return "\(error)".contains("herd-peer fleet join") && file.hasSuffix("identity/fleet-keys.json")
            }
        }
        try directory.write(good, to: "data/identity/fleet-keys.json")
        #expect(try StateDirectory(path: path, machine: nil).ring == ring)
    }

    // MARK: The join token

    @Test(arguments: ["home", "x", "Küche 2", String(repeating: "n", count: 64)])
    func aTokenComesBack(name: String) throws {
        let ring = try KeyRing.create(fleet: name, nowSeconds: 1)
        let text = ring.joinToken.text
        #expect(try JoinToken(text) == ring.joinToken)
        #expect(try JoinToken(" " + text.lowercased().replacing("-", with: "- \n") + "\n") == ring.joinToken)
        #expect(try JoinToken("herd1-" + text.dropFirst(6).replacing("-", with: "")) == ring.joinToken)
        #expect(text.hasPrefix("herd1-") && text.utf8.count < 260)
    }

    @Test func everyTypingMistakeIsNoticed() throws {
        let text = ring.joinToken.text
        let characters = Array(text)
        for place in 6..<characters.count where characters[place] != "-" {
            for other in "0789AKXZ" where other != characters[place] {
                var changed = characters
                changed[place] = other
                #expect(throws: JoinTokenError.self) { try JoinToken(String(changed)) }
            }
            if place + 1 < characters.count, characters[place + 1] != "-", characters[place] != characters[place + 1] {
                var swapped = characters
                swapped.swapAt(place, place + 1)
                #expect(throws: JoinTokenError.self) { try JoinToken(String(swapped)) }
            }
        }
        for length in 0..<characters.count {
            #expect(throws: JoinTokenError.self) { try JoinToken(String(characters[..<length])) }
        }
    }

    @Test func theMistakeIsNamed() throws {
        let text = ring.joinToken.text
        func error(_ text: String) -> JoinTokenError? {
            do throws(JoinTokenError) {
                _ = try JoinToken(text)
                return nil
            } catch {
                return error
            }
        }
        #expect(error("") == .notAToken && error("hello") == .notAToken && error("http://x") == .notAToken)
        #expect(error("herd1-") == .cut)
        #expect(error(text + "U") == .badCharacter("U", group: (text.replacing("-", with: "").count - 5) / 6 + 1))
        #expect(error("herd1-AAAAAA-A!AAAA") == .badCharacter("!", group: 2))
        #expect(error(String(repeating: "A", count: 600)) == .tooLong)
        #expect(error(String(text.dropLast(7))) != nil)
    }

    @Test func base32Table() {
        let table: [([UInt8], String)] = [([], ""), ([0], "00"), ([255], "ZW"), ([1, 2, 3, 4, 5], "04106105")]
        for (bytes, text) in table {
            #expect(Base32.encode(bytes) == text)
            #expect(Base32.decode(text.utf8.compactMap(Base32.value)) == bytes)
        }
        #expect(
            Base32.value(UInt8(ascii: "o")) == 0 && Base32.value(UInt8(ascii: "l")) == 1 && Base32.value(UInt8(ascii: "U")) == nil
        )
        #expect(Base32.decode([31, 31]) == nil, "left-over bits are 0")
    }
}
