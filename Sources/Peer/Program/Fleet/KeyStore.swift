import Foundation
import Mesh

/// The fleet's keys on this machine's disk, as people change them. A running peer takes over what changes here.
struct KeyStore {
    /// What was done.
    struct Change {
        var ring: KeyRing
        /// Where the keys from before are now; nil when there were none or they stayed.
        var movedAside: String?
        /// False when everything was so already.
        var isNew = true
    }

    let file: KeyRingFile

    init(dataDirectory: String) { file = KeyRingFile(dataDirectory: dataDirectory) }

    private var now: Int64 { Int64(Date().timeIntervalSince1970) }

    /// Begins a closed fleet with one new key.
    func create(fleet: String, force: Bool) throws(FleetProblem) -> Change {
        // A damaged ring is in the way too, and says so itself.
        if !force, let found = try load() { throw .alreadyClosed(fleet: found.fleetName, path: file.path) }
        do throws(KeyRingError) { return try put(KeyRing.create(fleet: fleet, nowSeconds: now)) } catch { throw .ring(error) }
    }

    private func put(_ ring: KeyRing) throws(KeyRingError) -> Change {
        let aside = try file.moveAside()
        try file.save(ring)
        return Change(ring: ring, movedAside: aside)
    }

    /// The ring; a problem where there is none.
    func ring() throws(FleetProblem) -> KeyRing {
        guard let ring = try load() else { throw .open }
        return ring
    }

    /// The ring; nil in an open fleet.
    func load() throws(FleetProblem) -> KeyRing? {
        do throws(KeyRingError) { return try file.load() } catch { throw .ring(error) }
    }

    /// Enters the fleet of a token. Entering it again with the same key changes nothing; with another key of the same fleet it is
    /// how a machine comes back that slept through a rotation.
    func join(_ text: String, force: Bool) throws(FleetProblem) -> Change {
        let token = try Self.token(text)
        if !force, let found = try load() {
            guard found.fleetTag == token.fleetTag else {
                throw .otherFleet(mine: found.fleetName, theirs: token.fleetName, path: file.path)
            }
            if found.keyIDs.contains(token.keyID) { return Change(ring: found, isNew: false) }
        }
        let ring = KeyRing(joining: token, nowSeconds: now)
        do throws(KeyRingError) { return try put(ring) } catch { throw .ring(error) }
    }

    static func token(_ text: String) throws(FleetProblem) -> JoinToken {
        do throws(JoinTokenError) { return try JoinToken(text) } catch { throw .token("\(error)") }
    }
}
