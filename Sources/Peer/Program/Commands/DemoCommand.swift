import ArgumentParser
import Foundation

/// `herd-peer demo`: the whole thing on one machine, to look at.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Starts three peers and three demo engines on this machine, sends requests, kills the router, and goes on.",
        discussion: """
            Everything listens on 127.0.0.1 with ports of its own choice and ends with the command.

            Examples:
              herd-peer demo
              herd-peer demo --seconds 60 --json
            """)

    @Option(help: ArgumentHelp("How long the clients go on after the router was killed.", valueName: "number"))
    var seconds = 8

    @Flag(help: "Print one JSON object at the end instead of lines on the way.")
    var json = false

    func validate() throws {
        guard (1...3_600).contains(seconds) else { throw ValidationError("--seconds is a number from 1 to 3600") }
    }

    func run() async throws {
        let fleet = try DemoFleet(names: ["ann", "ben", "cleo"])
        defer { fleet.stopAll() }
        let show = DemoShow(fleet: fleet, quiet: json)
        do {
            try await show.run(secondsAfterKill: seconds)
        } catch let problem as DemoProblem {
            Terminal.complain("The demo could not go on: \(problem.reason). Logs: \(fleet.folder.path)")
            throw ExitCode.failure
        }
        let result = show.result
        if json {
            Terminal.say(String(decoding: try JSONEncoder().encode(result), as: UTF8.self))
        }
        if result.failed > 0 { throw ExitCode.failure }
        fleet.removeFiles()
    }
}
