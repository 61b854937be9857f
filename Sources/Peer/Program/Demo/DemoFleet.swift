import Foundation

/// The demonstration's processes: a demo engine and a peer for each name, on free ports of 127.0.0.1.
final class DemoFleet {
    /// One machine of the demonstration.
    struct Machine {
        let name: String
        let model: String
        let apiPort: Int
        let meshPort: Int
        let enginePort: Int
        var engine: Process?
        var peer: Process?
        var killed = false
    }

    /// Logs and data of all processes.
    let folder: URL
    private let guardian = DemoGuard()
    private(set) var machines: [Machine]

    /// Prepares machines; starts nothing.
    init(names: [String]) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "herd-peer-demo-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let ports = try FreePorts.find(count: names.count * 3)
        machines = names.enumerated().map { index, name in
            Machine(
                name: name, model: "herd-demo-\(name)", apiPort: ports[index * 3], meshPort: ports[index * 3 + 1],
                enginePort: ports[index * 3 + 2])
        }
    }

    /// Starts all engines and peers. All peers but the first join through the first.
    func startAll() throws {
        guardian.install()
        for index in machines.indices {
            let machine = machines[index]
            machines[index].engine = try spawn(
                [
                    "demo-engine", "--port", "\(machine.enginePort)", "--model", machine.model, "--model", "herd-demo", "--slots",
                    "4",
                    "--token-delay-ms", "15",
                ], log: "\(machine.name)-engine.log")
            var arguments = [
                "serve", "--host", "127.0.0.1", "--port", "\(machine.apiPort)", "--mesh-port", "\(machine.meshPort)", "--node-id",
                machine.name, "--ollama-host", "http://127.0.0.1:\(machine.enginePort)", "--no-mdns", "--fleet",
                "demo-\(ProcessInfo.processInfo.processIdentifier)", "--data-dir",
                folder.appendingPathComponent(machine.name).path,
            ]
            for other in machines where other.name != machine.name {
                arguments += ["--router-url", "http://127.0.0.1:\(other.meshPort)"]
            }
            machines[index].peer = try spawn(arguments, log: "\(machine.name)-peer.log")
        }
    }

    /// Ends one machine's peer and engine at once, as a power cut would.
    func kill(_ name: String) {
        guard let index = machines.firstIndex(where: { $0.name == name }) else { return }
        machines[index].killed = true
        for process in [machines[index].peer, machines[index].engine] {
            if let process, process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
        }
    }

    /// The machines whose peers run.
    var running: [Machine] { machines.filter { !$0.killed && $0.peer?.isRunning == true } }

    /// Ends everything that still runs.
    func stopAll() {
        let processes = machines.flatMap { [$0.peer, $0.engine] }.compactMap { $0 }.filter(\.isRunning)
        for process in processes { process.terminate() }
        let deadline = Date().addingTimeInterval(3)
        while processes.contains(where: \.isRunning) && Date() < deadline { usleep(20_000) }
        for process in processes where process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
    }

    /// Removes logs and data.
    func removeFiles() {
        try? FileManager.default.removeItem(at: folder)
    }

    private func spawn(_ arguments: [String], log: String) throws -> Process {
        let file = folder.appendingPathComponent(log)
        try Data().write(to: file)
        let handle = try FileHandle(forWritingTo: file)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        guardian.add(process.processIdentifier)
        return process
    }
}
