import FoundationEssentials
public import Gossip
import Synchronization

/// The part of the data directory that belongs to the mesh: `identity/` and `peers.json` (mesh protocol §2.4).
///
/// Opening it takes the lock, settles the identity and counts the generation up on disk. It stays locked until `unlock`, or as
/// long as the value lives.
public final class StateDirectory: Sendable {
    /// The data directory.
    public let path: String
    /// Who this peer is. `reidentify` changes it.
    public var identity: PeerIdentity { settled.withLock(\.identity) }
    /// The lease row as it was on disk at start, or when the identity was made.
    public var durable: DurableLease { settled.withLock(\.durable) }

    /// The fleet's keys as they were on disk at start; nil in an open fleet.
    public let ring: KeyRing?
    /// TLS for the peer links; nil in an open fleet.
    public let linkSecurity: LinkSecurity?

    let ringFile: KeyRingFile
    private struct Settled {
        var identity: PeerIdentity
        var durable: DurableLease
    }

    private let settled: Mutex<Settled>
    private let machine: String?
    private let files: IdentityFiles
    private let lock: DirectoryLock

    /// Opens or makes the state directory at `path`.
    ///
    /// - Throws: when it cannot be read or written, or when another process uses it.
    public static func open(path: String) throws(StateDirectoryError) -> StateDirectory {
        try StateDirectory(path: path, machine: MachineFingerprint.ofThisMachine())
    }

    /// `machine` is the fingerprint of this machine; nil when it has none, then clones cannot be told.
    init(path: String, machine: String?) throws(StateDirectoryError) {
        self.path = path
        let folder = path + "/identity"
        files = IdentityFiles(directory: folder)
        do throws(FileFailure) {
            try DurableFile.makeDirectory(folder)
            try DurableFile.makePrivate(folder)
        } catch {
            throw .unwritable(error)
        }
        lock = try DirectoryLock(path: folder + "/lock")
        ringFile = KeyRingFile(dataDirectory: path)
        do throws(KeyRingError) { ring = try ringFile.load() } catch { throw .fleetKeys(error) }
        let stored: IdentityFiles.Stored
        do throws(FileFailure) { stored = try files.load() } catch { throw .unreadable(error) }
        self.machine = machine
        let id: PeerID
        do throws(FileFailure) {
            let (identity, durable) = try Self.settle(stored, files: files, machine: machine)
            settled = Mutex(Settled(identity: identity, durable: durable))
            id = identity.id
        } catch {
            throw .unwritable(error)
        }
        linkSecurity = ring == nil ? nil : try Self.makeLinkSecurity(folder: folder, peer: id)
    }

    /// Makes a new identity in the place of this one, whose files are moved aside: another process lives under it.
    func reidentify() throws(FileFailure) {
        let before = identity.id
        _ = try files.moveAside()
        let id = try Self.create(files, machine: machine)
        let new = Settled(identity: PeerIdentity(id: id, generation: 1, notices: [.twin(of: before)]), durable: DurableLease())
        settled.withLock { $0 = new }
    }

    /// Replaces the lease row; on disk when it returns.
    func write(lease: DurableLease) throws(FileFailure) {
        try files.write(lease: lease)
    }

    /// Lets another process have the directory: nothing may be written after it.
    func unlock() { lock.release() }

    private static func makeLinkSecurity(folder: String, peer: PeerID) throws(StateDirectoryError) -> LinkSecurity {
        do {
            return try LinkSecurity(try LinkCertificate.open(folder: folder, peer: peer))
        } catch let failure as FileFailure {
            throw .unwritable(failure)
        } catch {
            throw .certificate(reason: "\(error)")
        }
    }

    private static func settle(
        _ stored: IdentityFiles.Stored, files: IdentityFiles, machine: String?
    ) throws(FileFailure) -> (PeerIdentity, DurableLease) {
        var notices: [IdentityNotice] = []
        switch stored {
        case .nothing:
            notices.append(.created)
        case .corrupt(let bad):
            let moved = try files.moveAside()
            for file in bad {
                let target = moved.first { $0.file == file }?.movedTo
                notices.append(.corrupt(file: file, movedTo: target ?? "(it was missing)"))
            }
        case .identity(let file, let generation, let lease):
            if let before = file.machine, let machine, before != machine {
                notices.append(.cloned(from: file.peerID))
                _ = try files.moveAside()
            } else if generation >= UInt32.max - 1 {
                notices.append(.generationsUsedUp(of: file.peerID))
                _ = try files.moveAside()
            } else {
                try files.write(generation: generation + 1)
                return (PeerIdentity(id: file.peerID, generation: generation + 1, notices: []), lease)
            }
        }
        let id = try create(files, machine: machine)
        return (PeerIdentity(id: id, generation: 1, notices: notices), DurableLease())
    }

    private static func create(_ files: IdentityFiles, machine: String?) throws(FileFailure) -> PeerID {
        var random = SystemRandomNumberGenerator()
        let id = PeerID(using: &random)
        try files.create(IdentityFiles.PeerFile(peerID: id, machine: machine))
        return id
    }
}
