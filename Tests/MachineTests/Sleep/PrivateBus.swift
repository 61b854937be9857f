import Foundation

/// A message bus of the test's own, in a temporary folder.
final class PrivateBus {
    let address: String
    private let folder: String
    private var daemon: Process?

    /// Why no private bus can run here; nil when it can.
    static let obstacle: String? = program == nil ? "needs dbus-daemon" : nil
    private static let program = ["/usr/bin/dbus-daemon", "/bin/dbus-daemon", "/usr/local/bin/dbus-daemon"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("bus-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        address = "unix:path=\(folder)/bus"
        try """
        <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
         "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
        <busconfig>
          <listen>\(address)</listen>
          <auth>EXTERNAL</auth>
          <policy context="default">
            <allow own="*"/> <allow send_destination="*"/> <allow receive_sender="*"/> <allow user="*"/>
          </policy>
        </busconfig>
        """.write(toFile: folder + "/bus.conf", atomically: true, encoding: .utf8)
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Starts the daemon and waits for its socket.
    func start() async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.program ?? "/usr/bin/dbus-daemon")
        process.arguments = ["--nofork", "--nopidfile", "--nosyslog", "--config-file=\(folder)/bus.conf"]
        try process.run()
        daemon = process
        _ = await eventually { FileManager.default.fileExists(atPath: self.folder + "/bus") }
    }

    func stop() {
        // A process that a task starts has SIGTERM blocked, as the task's thread has.
        if let daemon { kill(daemon.processIdentifier, SIGKILL) }
        daemon = nil
        try? FileManager.default.removeItem(atPath: folder + "/bus")
    }
}

/// Waits until `condition` holds; false after ten seconds.
func eventually(_ condition: () async -> Bool) async -> Bool {
    let end = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < end {
        if await condition() { return true }
        try? await Task.sleep(for: .milliseconds(10))
    }
    return await condition()
}
