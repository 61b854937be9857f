import Foundation
import Logging
import Mesh
import Testing

@testable import Program

/// `herd-peer fleet` on a folder, without a peer.
@Suite struct FleetKeyTests {
    private func folder() throws -> String {
        let path = NSTemporaryDirectory() + "fleet-keys-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    private func settings(_ folder: String, _ environment: [String: String] = [:]) throws -> PeerConfiguration {
        let flags: [Setting: [String]] = [.dataDirectory: [folder]]
        return try PeerConfiguration(SettingsReader(flags: flags, environment: environment, file: ""), environment: environment)
    }

    private let quiet = {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }()

    @Test func aFleetIsClosedOnceAndOnlyByForceAgain() throws {
        let folder = try folder()
        let store = KeyStore(dataDirectory: folder)
        #expect(throws: FleetProblem.self) { try store.ring() }
        let first = try store.create(fleet: "home", force: false)
        #expect(first.movedAside == nil)
        #expect(try store.ring() == first.ring)
        let mode = try FileManager.default.attributesOfItem(atPath: store.file.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let problem = #expect(throws: FleetProblem.self) { try store.create(fleet: "attic", force: false) }
        #expect("\(problem.map { "\($0)" } ?? "")".contains("'home'"))
        #expect(try store.ring() == first.ring)
        let second = try store.create(fleet: "attic", force: true)
        let aside = try #require(second.movedAside)
        #expect(FileManager.default.fileExists(atPath: aside))
        #expect(try store.ring().fleetName == "attic")
        #expect(throws: FleetProblem.self) { try store.create(fleet: "", force: true) }
        #expect(try store.ring().fleetName == "attic", "a name that cannot be leaves everything as it was")
    }

    @Test func aDamagedRingIsNeverReplacedQuietly() throws {
        let folder = try folder()
        let store = KeyStore(dataDirectory: folder)
        let ring = try store.create(fleet: "home", force: false).ring
        try Data("{\"format\":1".utf8).write(to: URL(fileURLWithPath: store.file.path))
        #expect(throws: FleetProblem.self) { try store.create(fleet: "home", force: false) }
        #expect(throws: FleetProblem.self) { try store.join(ring.joinToken.text, force: false) }
        #expect(throws: FleetProblem.self) {
            try FleetEntry.enter(settings(folder, ["FLEET_JOIN_TOKEN": ring.joinToken.text]), logger: quiet)
        }
        #expect(try store.join(ring.joinToken.text, force: true).movedAside != nil)
        #expect(try store.ring().keyIDs == ring.keyIDs)
    }

    @Test func anotherMachineJoinsWithTheToken() throws {
        let first = KeyStore(dataDirectory: try folder())
        let second = KeyStore(dataDirectory: try folder())
        let ring = try first.create(fleet: "home", force: false).ring
        let token = ring.joinToken.text
        let change = try second.join("  \(token)\n", force: false)
        #expect(change.isNew && change.ring.fleetTag == ring.fleetTag && change.ring.keyIDs == ring.keyIDs)
        #expect(try second.join(token, force: false).isNew == false)
        // Another fleet's token is refused unless it is meant.
        let other = try KeyStore(dataDirectory: folder()).create(fleet: "attic", force: false).ring.joinToken.text
        let problem = #expect(throws: FleetProblem.self) { try second.join(other, force: false) }
        #expect("\(problem.map { "\($0)" } ?? "")".contains("'attic'"))
        #expect(try second.ring().fleetName == "home")
        #expect(try second.join(other, force: true).ring.fleetName == "attic")
    }

    @Test func aMachineThatMissedARotationComesBackWithANewToken() throws {
        let first = KeyStore(dataDirectory: try folder())
        let second = KeyStore(dataDirectory: try folder())
        let ring = try first.create(fleet: "home", force: false).ring
        _ = try second.join(ring.joinToken.text, force: false)
        let rotated = try ring.installingNewKey(nowSeconds: 1)
        let newest = try #require(rotated.keys.first { $0.stage == .installed }?.id)
        let used = try rotated.using(newest, nowSeconds: 2)
        let change = try second.join(used.joinToken.text, force: false)
        #expect(change.isNew && change.ring.keyIDs == [newest])
    }

    @Test(arguments: ["", "-", "hello", "herd1-", "herd1-AAAAA", "herd2-AAAAA-BBBBB", String(repeating: "x", count: 5_000)])
    func whatIsNoTokenIsNamedAndNeverShown(text: String) throws {
        let folder = try folder()
        let store = KeyStore(dataDirectory: folder)
        let problem = #expect(throws: FleetProblem.self) { try store.join(text, force: true) }
        let words = problem.map { "\($0)" } ?? ""
        #expect(words.count > 10 && (text.count < 6 || !words.contains(text.dropFirst(6))))
        #expect(try store.load() == nil)
    }

    @Test func aMistypedTokenIsNoticed() throws {
        let store = KeyStore(dataDirectory: try folder())
        let text = try store.create(fleet: "home", force: false).ring.joinToken.text
        let other = KeyStore(dataDirectory: try folder())
        let place = text.index(text.startIndex, offsetBy: 20)
        let wrong = text.replacingCharacters(in: place...place, with: text[place] == "a" || text[place] == "A" ? "B" : "A")
        #expect(throws: FleetProblem.self) { try other.join(wrong, force: false) }
        #expect(throws: FleetProblem.self) { try other.join(String(text.dropLast(3)), force: false) }
        #expect(try other.load() == nil)
    }

    @Test func aContainerJoinsAtItsFirstStart() throws {
        let token = try KeyStore(dataDirectory: folder()).create(fleet: "home", force: false).ring.joinToken.text
        let byEnvironment = try folder()
        try FleetEntry.enter(settings(byEnvironment, ["FLEET_JOIN_TOKEN": token]), logger: quiet)
        let ring = try KeyStore(dataDirectory: byEnvironment).ring()
        #expect(ring.fleetName == "home")
        // Later starts leave the ring alone; a token of another fleet stops them.
        try FleetEntry.enter(settings(byEnvironment, ["FLEET_JOIN_TOKEN": token]), logger: quiet)
        #expect(try KeyStore(dataDirectory: byEnvironment).ring() == ring)
        let other = try KeyStore(dataDirectory: folder()).create(fleet: "attic", force: false).ring.joinToken.text
        #expect(throws: FleetProblem.self) {
            try FleetEntry.enter(settings(byEnvironment, ["FLEET_JOIN_TOKEN": other]), logger: quiet)
        }
        let byFile = try folder()
        let path = byFile + "/token"
        try Data((token + "\n").utf8).write(to: URL(fileURLWithPath: path))
        try FleetEntry.enter(settings(byFile, ["FLEET_KEY_FILE": path]), logger: quiet)
        #expect(try KeyStore(dataDirectory: byFile).ring().fleetName == "home")
        let missing = try folder()
        #expect(throws: FleetProblem.self) {
            try FleetEntry.enter(settings(missing, ["FLEET_KEY_FILE": missing + "/none"]), logger: quiet)
        }
        try FleetEntry.enter(settings(missing), logger: quiet)
        #expect(try KeyStore(dataDirectory: missing).load() == nil)
    }

    @Test func theAdminTokenIsNewAtEachStartAndForItsUserAlone() throws {
        let folder = try folder()
        #expect(AdminToken.read(dataDirectory: folder) == nil)
        try FileManager.default.createDirectory(atPath: folder + "/identity", withIntermediateDirectories: true)
        let first = try AdminToken.make(dataDirectory: folder)
        #expect(first.count == 64 && AdminToken.read(dataDirectory: folder) == first)
        let second = try AdminToken.make(dataDirectory: folder)
        #expect(second != first && AdminToken.read(dataDirectory: folder) == second)
        let mode = try FileManager.default.attributesOfItem(atPath: AdminToken.path(folder))[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }
}
