import Foundation
import Logging
import Mesh

/// Enters a closed fleet at start, for containers: the token comes in a file or in the environment.
enum FleetEntry {
    /// A token is shorter.
    static let byteLimit = 4_096

    /// Joins when a token was given and there are no keys yet. Keys of the same fleet stay: they may have rotated since.
    ///
    /// - Throws: `FleetProblem`; also for a token of another fleet than the one whose keys are there.
    static func enter(_ settings: PeerConfiguration, logger: Logger) throws(FleetProblem) {
        guard let text = try tokenText(settings) else { return }
        let store = KeyStore(dataDirectory: settings.dataDirectory)
        let token = try KeyStore.token(text)
        if let ring = try store.load() {
            guard ring.fleetTag == token.fleetTag else {
                throw .otherFleet(mine: ring.fleetName, theirs: token.fleetName, path: store.file.path)
            }
            return
        }
        let change = try store.join(text, force: false)
        logger.notice("Joined a closed fleet", metadata: ["fleet.name": "\(change.ring.fleetName)"])
    }

    private static func tokenText(_ settings: PeerConfiguration) throws(FleetProblem) -> String? {
        if let path = settings.fleetKeyFile {
            do {
                let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
                defer { try? file.close() }
                return String(decoding: try file.read(upToCount: byteLimit + 1) ?? Data(), as: UTF8.self)
            } catch {
                throw .unreadable(path: path, reason: error.localizedDescription)
            }
        }
        return settings.joinToken
    }
}
