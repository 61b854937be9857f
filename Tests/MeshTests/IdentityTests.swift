import Gossip
import Testing

@testable import Mesh

@Suite struct IdentityTests {
    let directory: TestDirectory
    let machine = MachineFingerprint.make(machineID: "0123456789abcdef")

    init() throws { directory = try TestDirectory() }

    private func open(_ machine: String? = nil) throws -> StateDirectory {
        try StateDirectory(path: directory.file("data"), machine: machine ?? self.machine)
    }

    @Test func firstStartMakesAnIdentityAndLaterStartsCountUp() throws {
        var opened: StateDirectory? = try open()
        let first = try #require(opened?.identity)
        #expect(first.generation == 1)
        #expect(first.notices == [.created])
        opened = nil
        for generation in UInt32(2)...4 {
            opened = try open()
            #expect(opened?.identity == PeerIdentity(id: first.id, generation: generation, notices: []))
            opened = nil
        }
    }

    @Test func filesAreForTheOwnerOnly() throws {
        let opened = try open()
        try opened.write(lease: DurableLease(maxEpoch: 3, longestGrantMilliseconds: 2_045, cleanExit: false))
        #expect(try directory.mode("data/identity") == 0o700)
        for name in ["peer.json", "generation.json", "lease.json", "lock"] {
            #expect(try directory.mode("data/identity/\(name)") == 0o600)
        }
    }

    @Test func theLeaseRowSurvives() throws {
        let row = DurableLease(maxEpoch: .max, longestGrantMilliseconds: 5_105, cleanExit: false)
        var opened: StateDirectory? = try open()
        #expect(opened?.durable == DurableLease())
        try opened?.write(lease: row)
        opened = nil
        opened = try open()
        #expect(opened?.durable == row)
    }

    @Test(arguments: ["peer.json", "generation.json", "lease.json"], ["", "{", "{\"generation\": -1}", "null"])
    func aDamagedFileMeansANewIdentity(name: String, content: String) throws {
        var opened: StateDirectory? = try open()
        let before = try #require(opened?.identity.id)
        opened = nil
        try directory.write(content, to: "data/identity/\(name)")
        opened = try open()
        let after = try #require(opened?.identity)
        #expect(after.id != before)
        #expect(after.generation == 1)
        let target = directory.file("data/identity/\(name)")
        #expect(after.notices == [.corrupt(file: target, movedTo: target + ".aside-1")])
        #expect(directory.read("data/identity/\(name).aside-1") == content)
    }

    @Test(arguments: ["generation.json", "lease.json"])
    func anOldIdNeverComesBackWithoutItsCounters(name: String) throws {
        var opened: StateDirectory? = try open()
        let before = try #require(opened?.identity.id)
        opened = nil
        try directory.remove("data/identity/\(name)")
        opened = try open()
        #expect(opened?.identity.id != before)
    }

    @Test func aHugeFileIsDamaged() throws {
        _ = try open()
        try directory.write(String(repeating: " ", count: 100_000), to: "data/identity/lease.json")
        let notices = try open().identity.notices
        guard case .corrupt = notices.first else {
            Issue.record("\(notices)")
            return
        }
    }

    @Test func aClonedDiskGetsANewIdentity() throws {
        let before = try open().identity.id
        let clone = try open(MachineFingerprint.make(machineID: "another machine")).identity
        #expect(clone.id != before)
        #expect(clone.notices == [.cloned(from: before)])
        #expect(clone.generation == 1)
    }

    @Test func aMachineWithoutAnIdKeepsItsIdentity() throws {
        let path = directory.file("data")
        let before = try StateDirectory(path: path, machine: nil).identity.id
        #expect(try StateDirectory(path: path, machine: machine).identity.id == before)
        #expect(try StateDirectory(path: path, machine: nil).identity.id == before)
    }

    @Test func theBootCounterNeverWraps() throws {
        let before = try open().identity.id
        try directory.write("{\"generation\": \(UInt32.max - 1)}", to: "data/identity/generation.json")
        let after = try open().identity
        #expect(after.id != before)
        #expect(after.notices == [.generationsUsedUp(of: before)])
    }

    @Test func aSecondProcessIsRefused() throws {
        let first = try open()
        #expect {
            try open()
        } throws: { error in
            guard case StateDirectoryError.inUse(let path, let process) = error else { return false }
            return path.hasSuffix("identity/lock") && process != nil && "\(error)".contains("--data-dir")
        }
        withExtendedLifetime(first) {}
    }

    @Test func anUnwritableDirectoryIsAClearError() throws {
        try directory.write("a file", to: "blocked")
        #expect {
            try StateDirectory(path: directory.file("blocked/data"), machine: machine)
        } throws: { error in
            guard case StateDirectoryError.unwritable(let failure) = error else { return false }
            return failure.path.contains("blocked") && "\(error)".contains("--data-dir")
        }
    }

    @Test func anUnreadableFileIsAClearErrorAndNotDamage() throws {
        _ = try open()
        try directory.remove("data/identity/lease.json")
        try directory.makeFolder("data/identity/lease.json")
        #expect {
            try open()
        } throws: { error in
            guard case StateDirectoryError.unreadable(let failure) = error else { return false }
            return failure.path.hasSuffix("lease.json")
        }
    }

    @Test func aLeaseRowThatCannotBeWrittenFails() throws {
        let opened = try open()
        try directory.makeFolder("data/identity/lease.json.tmp")
        #expect(throws: FileFailure.self) { try opened.write(lease: DurableLease(maxEpoch: 9)) }
        try directory.remove("data/identity/lease.json.tmp")
        try opened.write(lease: DurableLease(maxEpoch: 9))
    }
}
