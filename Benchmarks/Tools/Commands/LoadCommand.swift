import ArgumentParser

/// `herd-bench load`: windows of load on one target after the other.
struct LoadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Loads targets by turns; a plan as JSON on standard input, figures as JSON on standard output.")

    func run() throws {
        Socket.raiseFileLimit()
        try Output.json(LoadRun(plan: Output.plan()).run())
    }
}
