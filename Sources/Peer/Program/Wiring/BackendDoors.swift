import Backends
import FastLane

/// The doors of this machine's engines. Each is made once: kept connections belong to it.
struct BackendDoors {
    private struct Place: Hashable {
        var address: BackendAddress
        var access: BackendAccess
    }

    private var doors: [Place: BackendDoor] = [:]

    /// The door of an engine; nil for one that simply listens.
    mutating func door(of target: BackendTarget) throws -> BackendDoor? {
        let (address, access) = (target.address, target.access)
        guard address.isSecure || access.key != nil || !address.path.isEmpty else { return nil }
        let place = Place(address: address, access: access)
        if let known = doors[place] { return known }
        let trust: BackendDoor.Trust? = address.isSecure ? access.certificateFile.map { .file($0) } ?? .system : nil
        let door = try BackendDoor(
            host: address.host, port: address.port, authority: address.authority, key: access.keyLine, tls: trust,
            target: { address.target(for: $0) })
        doors[place] = door
        return door
    }

    /// Forgets the doors of engines that are no more.
    mutating func keep(_ targets: [BackendTarget]) {
        let known = Set(targets.map { Place(address: $0.address, access: $0.access) })
        doors = doors.filter { known.contains($0.key) }
    }
}
