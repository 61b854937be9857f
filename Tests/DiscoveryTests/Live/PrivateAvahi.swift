import Foundation

/// A D-Bus system bus and an Avahi daemon of the test's own: the daemon lives in fresh network and mount namespaces
/// on the loopback interface, so nothing leaves the machine and a daemon of the machine is not touched.
final class PrivateAvahi {
    /// libdbus reads the address once per process, so all tests share the path; they run one after another.
    static let folder: String = {
        let path = NSTemporaryDirectory() + "herd-discovery-\(ProcessInfo.processInfo.processIdentifier)"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=\(path)/bus", 1)
        return path
    }()

    /// Why no private Avahi can run here; nil when it can.
    static let obstacle: String? = {
        if geteuid() != 0 { return "needs root" }
        let tools = ["dbus-daemon", "avahi-daemon", "unshare", "ip", "mount"]
        if let missing = tools.first(where: { path(of: $0) == nil }) { return "needs \(missing)" }
        let probe = Process()
        probe.executableURL = URL(fileURLWithPath: "/bin/sh")
        probe.arguments = ["-c", "unshare -m -n mount -t tmpfs tmpfs /run >/dev/null 2>&1"]
        guard (try? probe.run()) != nil else { return "cannot run unshare" }
        probe.waitUntilExit()
        return probe.terminationStatus == 0 ? nil : "needs namespaces (CAP_SYS_ADMIN)"
    }()

    private var bus: Process?
    private var daemon: Process?

    /// Starts the bus and waits for its socket.
    func startBus() async throws {
        try? FileManager.default.removeItem(atPath: Self.folder + "/bus")
        try Self.busConfiguration.write(toFile: Self.folder + "/bus.conf", atomically: true, encoding: .utf8)
        bus = try launch("dbus-daemon --nofork --nopidfile --nosyslog --config-file=\(Self.folder)/bus.conf")
        guard await eventually({ FileManager.default.fileExists(atPath: Self.folder + "/bus") }) else { throw Failure.noBus }
    }

    /// Starts the daemon; does not wait for it.
    func startDaemon() throws {
        try Self.daemonConfiguration.write(toFile: Self.folder + "/avahi.conf", atomically: true, encoding: .utf8)
        daemon = try launch(
            "unshare -m -n sh -c 'ip link set lo up && mount -t tmpfs tmpfs /run && mkdir /run/avahi-daemon && "
                + "mount -t tmpfs tmpfs /etc/avahi/services && exec avahi-daemon --no-drop-root --no-chroot --no-rlimits "
                + "--no-proc-title -f \(Self.folder)/avahi.conf'")
    }

    /// Sends a signal to the daemon; SIGKILL also waits until it is gone.
    func signalDaemon(_ number: Int32) {
        guard let daemon else { return }
        kill(daemon.processIdentifier, number)
        if number == SIGKILL { daemon.waitUntilExit() }
    }

    /// Ends both and removes the socket.
    func stop() {
        for process in [daemon, bus].compactMap({ $0 }) where process.isRunning {
            kill(process.processIdentifier, SIGCONT)
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        daemon = nil
        bus = nil
        try? FileManager.default.removeItem(atPath: Self.folder)
        try? FileManager.default.createDirectory(atPath: Self.folder, withIntermediateDirectories: true)
    }

    enum Failure: Error { case noBus }

    private func launch(_ line: String) throws -> Process {
        let log = Self.folder + "/log"
        if !FileManager.default.fileExists(atPath: log) { try "".write(toFile: log, atomically: true, encoding: .utf8) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "exec \(line) >>\(log) 2>&1 </dev/null"]
        var environment = ProcessInfo.processInfo.environment
        environment["DBUS_SYSTEM_BUS_ADDRESS"] = "unix:path=\(Self.folder)/bus"
        environment["PATH"] = "/usr/sbin:/sbin:/usr/bin:/bin"
        process.environment = environment
        try process.run()
        return process
    }

    private static func path(of tool: String) -> String? {
        ["/usr/sbin/", "/sbin/", "/usr/bin/", "/bin/"].map { $0 + tool }.first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
    }

    private static var busConfiguration: String {
        """
        <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
         "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
        <busconfig>
          <type>system</type>
          <listen>unix:path=\(folder)/bus</listen>
          <policy context="default">
            <allow user="*"/><allow own="*"/><allow send_type="method_call"/><allow send_type="signal"/>
            <allow send_requested_reply="true" send_type="method_return"/>
            <allow send_requested_reply="true" send_type="error"/>
            <allow receive_type="method_call"/><allow receive_type="method_return"/>
            <allow receive_type="error"/><allow receive_type="signal"/>
          </policy>
        </busconfig>
        """
    }

    private static let daemonConfiguration = """
        [server]
        host-name=private
        use-ipv4=yes
        use-ipv6=no
        allow-interfaces=lo
        enable-dbus=yes
        [wide-area]
        enable-wide-area=no
        [publish]
        publish-hinfo=no
        publish-workstation=no
        """
}
