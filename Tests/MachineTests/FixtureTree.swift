import Foundation

/// A small copy of `/proc` and `/sys` in a temporary folder, removed at the end.
final class FixtureTree {
    let root: String

    init(_ files: [String: String] = [:]) throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("machine-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        for (path, text) in files { try write(path, text) }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func write(_ path: String, _ text: String) throws {
        let file = root + path
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try text.write(toFile: file, atomically: true, encoding: .utf8)
    }

    /// A program that is a shell script.
    func script(_ name: String, _ text: String) throws -> String {
        try write("/bin/" + name, "#!/bin/sh\n" + text + "\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: root + "/bin/" + name)
        return root + "/bin"
    }

    /// `/proc/meminfo` of a machine.
    static func meminfo(totalKiB: Int, availableKiB: Int) -> String {
        """
        MemTotal:       \(totalKiB) kB
        MemFree:          123456 kB
        MemAvailable:   \(availableKiB) kB
        Buffers:           10000 kB
        Cached:           200000 kB

        """
    }
}
